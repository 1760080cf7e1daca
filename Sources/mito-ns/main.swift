import MitoNamespaces

NamespaceProgram.main(CommandLine.arguments)
