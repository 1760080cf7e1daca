"""The original's side of the comparison: prints one number.

    mitogen_side.py round-trip COUNT   median nanoseconds of a call that returns its 22-byte argument
    mitogen_side.py stream COUNT       items of 32 bytes per second from a child's Sender to our Receiver
"""

import sys
import time

import mitogen
import mitogen.core
import mitogen.master

WARM_UP = 200


def echo(value):
    return value


def produce(sender, count):
    item = b"x" * 32
    for _ in range(count):
        sender.send(item)
    sender.close()


def round_trip(context, count):
    argument = "twenty-two characters."
    times = []
    for _ in range(WARM_UP + count):
        start = time.perf_counter_ns()
        context.call(echo, argument)
        times.append(time.perf_counter_ns() - start)
    return sorted(times[WARM_UP:])[count // 2]


def stream(router, context, count):
    receiver = mitogen.core.Receiver(router)
    context.call(echo, None)
    start = time.perf_counter_ns()
    context.call_async(produce, receiver.to_sender(), count)
    items = 0
    for message in receiver:
        message.unpickle()
        items += 1
    assert items == count, items
    return count / (time.perf_counter_ns() - start) * 1e9


def main():
    what, count = sys.argv[1], int(sys.argv[2])
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    try:
        context = router.local(python_path=sys.executable)
        print(round_trip(context, count) if what == "round-trip" else stream(router, context, count))
    finally:
        broker.shutdown()
        broker.join()


if __name__ == "__main__":
    main()
