"""The original's side of the comparison: prints one number.

    mitogen_side.py round-trip COUNT   median nanoseconds of a call that returns its 22-byte argument
    mitogen_side.py stream COUNT       items of 32 bytes per second from a child's Sender to our Receiver
    mitogen_side.py start COUNT        median nanoseconds until a local context is up
    mitogen_side.py memory COUNT       private bytes of an idle child, the mean of so many
"""

import os

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


def start(router, count):
    times = []
    for _ in range(count):
        begin = time.perf_counter_ns()
        router.local(python_path=sys.executable)
        times.append(time.perf_counter_ns() - begin)
    return sorted(times)[count // 2]


def memory(router, count):
    children = [router.local(python_path=sys.executable) for _ in range(count)]
    pids = [child.call(os.getpid) for child in children]
    time.sleep(0.2)
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            total += sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))
    return total * 1024 / count


def main():
    what, count = sys.argv[1], int(sys.argv[2])
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    try:
        if what == "start":
            print(start(router, count))
        elif what == "memory":
            print(memory(router, count))
        else:
            context = router.local(python_path=sys.executable)
            print(round_trip(context, count) if what == "round-trip" else stream(router, context, count))
    finally:
        broker.shutdown()
        broker.join()


if __name__ == "__main__":
    main()
