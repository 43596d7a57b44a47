import Foundation

let tool = CommandLineTool(commands: Command.all)
exit(tool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
