import MitoLive
import Mitoscope

// The context program with all functions that there are: what the command line, scenarios and tests start.
ContextProgram.main("mito-agent", functions: BuiltInFunctions.all + HostFunctions.all)
