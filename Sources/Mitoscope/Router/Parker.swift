#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif
public import MitoCore

/// How one thread blocks: it parks until somebody unparks it. An `unpark` that comes first is not lost.
///
/// Every blocking wait of this library goes through the parker of its thread, so that a simulation, which runs one
/// thread at a time, only has to give its threads parkers of its own:
///
/// ```swift
/// let parker = Parkers.current
/// queue.append(parker)              // whoever serves the queue calls `unpark`
/// parker.park(timeout: nil)
/// ```
public protocol Parker: AnyObject, Sendable {
    /// Blocks the calling thread, whose parker this must be, until it is unparked: true, or for `timeout`: false.
    @discardableResult
    func park(timeout: Duration?) -> Bool

    /// Lets the thread go on, or not park at all the next time.
    func unpark()
}

/// The parker of each thread.
///
/// ```swift
/// Parkers.with(turns) { answer.wait() }           // this wait goes through `turns`, whatever the thread has
/// ```
public enum Parkers {
    /// The parker of the calling thread: what `with` gave it, else one that blocks the thread in earnest.
    public static var current: any Parker {
        if let held { return held.parker }
        let parker = ThreadParker()
        held = Holder(parker)
        return parker
    }

    /// Runs `body` with `parker` as this thread's.
    public static func with<Result>(_ parker: any Parker, _ body: () throws -> Result) rethrows -> Result {
        let before = held
        held = Holder(parker)
        defer { held = before }
        return try body()
    }

    private final class Holder {
        let parker: any Parker

        init(_ parker: any Parker) { self.parker = parker }
    }

    private static var held: Holder? {
        get {
            guard let pointer = unsafe pthread_getspecific(key) else { return nil }
            return unsafe Unmanaged<Holder>.fromOpaque(pointer).takeUnretainedValue()
        }
        set {
            let old = unsafe pthread_getspecific(key)
            let new = unsafe newValue.map { unsafe UnsafeRawPointer(Unmanaged.passRetained($0).toOpaque()) }
            check(unsafe pthread_setspecific(key, new))
            if let old = unsafe old { unsafe Unmanaged<Holder>.fromOpaque(old).release() }
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        check(
            unsafe pthread_key_create(&key) { pointer in
                guard let pointer = unsafe pointer else { return }
                unsafe Unmanaged<Holder>.fromOpaque(pointer).release()
            })
        return key
    }()
}

/// Blocks its thread on a condition of the system.
///
/// `@unchecked`: `isUnparked` is only touched under `mutex`. `@safe`: both pointers live exactly as long as the object.
@safe private final class ThreadParker: Parker, @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isUnparked = false

    init() {
        var attributes = pthread_condattr_t()
        check(unsafe pthread_condattr_init(&attributes))
        check(unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
        check(unsafe pthread_mutex_init(mutex, nil))
        check(unsafe pthread_cond_init(changed, &attributes))
        check(unsafe pthread_condattr_destroy(&attributes))
    }

    deinit {
        check(unsafe pthread_cond_destroy(changed))
        check(unsafe pthread_mutex_destroy(mutex))
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    func park(timeout: Duration?) -> Bool {
        var end = timeout.map(Self.instant(after:))
        check(unsafe pthread_mutex_lock(mutex))
        defer { check(unsafe pthread_mutex_unlock(mutex)) }
        while !isUnparked {
            guard end != nil else {
                check(unsafe pthread_cond_wait(changed, mutex))
                continue
            }
            let status = unsafe pthread_cond_timedwait(changed, mutex, &end!)
            if status == ETIMEDOUT { break }
            check(status)
        }
        defer { isUnparked = false }
        return isUnparked
    }

    func unpark() {
        check(unsafe pthread_mutex_lock(mutex))
        isUnparked = true
        check(unsafe pthread_cond_signal(changed))
        check(unsafe pthread_mutex_unlock(mutex))
    }

    private static func instant(after duration: Duration) -> timespec {
        var now = timespec()
        check(unsafe clock_gettime(CLOCK_MONOTONIC, &now))
        let (nanoseconds, isTooLarge) = max(0, duration.nanoseconds).addingReportingOverflow(Int64(now.tv_nsec))
        guard !isTooLarge else { return timespec(tv_sec: .max, tv_nsec: 0) }
        return timespec(
            tv_sec: now.tv_sec + Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

/// These calls fail only when they are given what is not valid, which is our own bug.
private func check(_ status: Int32) {
    precondition(status == 0, "a pthread call on a valid object failed with \(status)")
}
