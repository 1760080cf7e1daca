#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One value on its way from whoever has it to the one thread that blocks for it.
///
/// `@unchecked`: `value` is only touched under `mutex`. `@safe`: both pointers live exactly as long as the object.
@safe final class Answer<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value?

    init() {
        check(unsafe pthread_mutex_init(mutex, nil))
        check(unsafe pthread_cond_init(changed, nil))
    }

    deinit {
        check(unsafe pthread_cond_destroy(changed))
        check(unsafe pthread_mutex_destroy(mutex))
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Gives the value. Only the first counts.
    func give(_ given: Value) {
        check(unsafe pthread_mutex_lock(mutex))
        if value == nil { value = given }
        check(unsafe pthread_cond_signal(changed))
        check(unsafe pthread_mutex_unlock(mutex))
    }

    /// Blocks this thread until the value is there.
    func wait() -> Value {
        check(unsafe pthread_mutex_lock(mutex))
        defer { check(unsafe pthread_mutex_unlock(mutex)) }
        while true {
            if let value { return value }
            check(unsafe pthread_cond_wait(changed, mutex))
        }
    }

    /// These calls fail only when they are given what is not a mutex or not locked, which is our own bug.
    private func check(_ status: Int32) {
        precondition(status == 0, "a pthread call on a valid object failed with \(status)")
    }
}
