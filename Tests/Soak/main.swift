/// mito-soak [--seed N] [--trees N] [--first N]: random trees, random calls, random faults, under all checkers.
///
/// The first line about a failure is the command that runs it again, made as small as it goes; status 1. Every
/// hundredth tree is run twice and must be the same run; status 4.
var soak = Soak(Options(CommandLine.arguments.dropFirst()))
soak.run()
