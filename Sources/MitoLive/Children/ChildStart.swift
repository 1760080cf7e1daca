import MitoCore
import MitoLaunch
import MitoLinux

/// How a child is started here: from which image, under which name, with what in its environment.
final class ChildStart {
    private let image: String?
    /// The image for children that are started where its file is not: made once it is needed, unless this process was
    /// itself handed one, and may have no file any more.
    private var handedImage: HandedImage?
    private let hasFile: Bool
    private let usualName: RemoteName
    private let environment: [String]
    /// The same without places in this context's own file system.
    private let environmentElsewhere: [String]

    init(_ settings: Broker.Settings) {
        image = settings.image
        handedImage = settings.handedImage
        hasFile = settings.handedImage == nil
        usualName = RemoteName(user: Machine.userName, host: Machine.hostName, pid: Machine.processID)
        let places = [
            (Broker.Settings.traceVariable + "=", settings.tracePath),
            (Broker.Settings.flightVariable + "=", settings.flightFolder),
        ]
        let others = Machine.environment.filter { variable in !places.contains { variable.hasPrefix($0.0) } }
        let own = places.compactMap { place in place.1.map { place.0 + $0 } } + [Self.errorsVariable + "=1"]
        environment = others + own + (Backtracer.setting.map { [$0] } ?? [])
        environmentElsewhere = others + Self.wordsElsewhere
    }

    /// The command of a plan.
    func command(for plan: LaunchPlan) throws(StreamError) -> LaunchCommand {
        do throws(LaunchError) {
            return try LaunchCommand(plan, image: image, usualName: usualName) { MitoNS.path(image: image) }
        } catch {
            throw StreamError("\(error)", kind: error == .noImage || error == .noMitoNS ? .bootstrap : .stream)
        }
    }

    /// Starts it. Must be called on a thread that lasts: the child dies with it.
    ///
    /// - Parameter leader: whose namespaces it enters, where it enters those of a process.
    /// - Returns: the child, and our end of its stream.
    func perform(
        _ command: LaunchCommand, _ link: LinkID, leader: Leader?
    ) throws(StreamError) -> (Child, LiveLink) {
        do throws(SystemError) {
            return try start(command, link, leader)
        } catch {
            // Most systems let a program have more descriptors as soon as it says that it knows what it does.
            if error.isOutOfDescriptors, Machine.raiseDescriptorLimit(),
                let started = try? start(command, link, leader)
            {
                return started
            }
            let limit = Machine.descriptorLimit.map { " (no more than \($0) are allowed)" } ?? ""
            let reason = error.isOutOfDescriptors ? error.reason + limit : error.reason
            throw StreamError("Child start failed: \(reason). Command was: \(command.arguments)")
        }
    }

    private func start(
        _ command: LaunchCommand, _ link: LinkID, _ leader: Leader?
    ) throws(SystemError) -> (Child, LiveLink) {
        let streams = try SocketPair(sendBufferBytes: Self.sendBufferBytes)
        let errors = try Pipe()
        try errors.output.setNonblocking()
        var handed = ChildProcess.Handed()
        var environment = command.entry == nil ? environment : environmentElsewhere
        environment += command.environment
        let image = try imageToHand(command)
        if let image {
            handed.image = image.number
            environment.append(HandedImage.setting)
        }
        if let leader { handed.process = leader.handle.number }
        let isImage = command.entry == nil && image != nil
        let report = command.entry == nil ? nil : try Pipe()
        switch report {
        case .some(let report): handed.report = report.input.number
        case nil: break
        }
        let process = try ChildProcess(
            program: isImage ? nil : command.program, arguments: command.arguments, environment: environment,
            stream: streams.far, errors: errors.input.number, handed: handed)
        let child = Child(process, errors: errors.closingInput(), leader: leader)
        if let report {
            try report.output.setNonblocking()
            child.report = Shared(report.closingInput())
        }
        return (child, LiveLink(link, socket: streams.closingFar()))
    }

    /// The image as a descriptor, for a child that would not find its file.
    private func imageToHand(_ command: LaunchCommand) throws(SystemError) -> HandedImage? {
        guard command.isOwnImage, command.entry != nil || !hasFile, let image else { return nil }
        if let handedImage { return handedImage }
        let handed = try HandedImage(of: image)
        handedImage = handed
        return handed
    }

    /// Set in a child: whatever it writes to its first stderr is read by its parent, and by nobody else.
    static let errorsVariable = "MITOSCOPE_ERRORS"

    /// Swift's runtime ends a program at once that it cannot find in `/proc`, unless it is told where its own files
    /// are. There need be neither.
    private static let wordsElsewhere = [errorsVariable + "=1", "SWIFT_ROOT=/"]

    private static let sendBufferBytes: Int32 = 128 * 1024
}
