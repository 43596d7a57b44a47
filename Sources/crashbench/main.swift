import Foundation
import Harness

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.first == FloorEcho.command else {
    FileHandle.standardError.write(Data("crashbench: \(FloorEcho.command) is allowed.\n".utf8))
    exit(64)
}
do {
    try FloorEcho.serve(arguments: Array(arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("crashbench: \(error)\n".utf8))
    exit(2)
}
