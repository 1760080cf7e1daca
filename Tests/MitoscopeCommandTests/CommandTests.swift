import Testing

@testable import MitoscopeCommand
