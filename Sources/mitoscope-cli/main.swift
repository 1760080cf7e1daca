import MitoscopeCommand

MitoscopeCommand.runAsProgram()
