import MitoLive
import Mitoscope

// The context program with the built-in functions: what the command line, scenarios and tests start.
ContextProgram.main("mito-agent", functions: BuiltInFunctions.all)
