"""A real Mitogen program that uses our context program as a child, and says whether all was as it should be.

    referee.py STORY AGENT [SURVEY]

SURVEY is the example program, whose functions have types.

Ends with status 0 and no output when the story went as told; with a traceback otherwise.
"""

import logging
import math
import os
import signal
import sys
import threading
import time

import mitogen.core
import mitogen.master
import mitogen.parent
import mitogen.select
import mitogen.utils


# Functions of the image, as Mitogen wants to see them: only their names travel.
def echo(): pass
def add(): pass
def fail(): pass
def hang(): pass
def sleep(): pass
def tail(): pass
def collect(): pass
def collected(): pass
def whoami(): pass
def nothing_of_that_name(): pass


for function in (echo, add, fail, hang, sleep, tail, collect, collected, whoami, nothing_of_that_name):
    function.__module__ = "mito"


# Those of the example program.
def name(): pass
def sample(): pass
def sum(): pass
def refuse(): pass


for function in (name, sample, sum, refuse):
    function.__module__ = "survey"


STORIES = {}


def story(function):
    STORIES[function.__name__.replace("_", "-")] = function
    return function


def raises(kind, body):
    try:
        result = body()
    except kind:
        return sys.exc_info()[1]
    raise AssertionError("%r came back where a %s was due" % (result, kind.__name__))


def pid_of(context):
    return int(context.name.rsplit(".", 1)[1])


def gone(pid):
    """Waits until the process has ended; the test's own limit is the only one."""
    while True:
        try:
            os.kill(pid, 0)
        except OSError:
            return
        time.sleep(0.002)


@story
def values(router, agent):
    context = router.local(python_path=agent)
    numbers = [0, 1, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, 2**31, -(2**31), 2**63 - 1, 2**63, -(2**63),
               -(2**63) - 1, 2**64, 2**100, -(2**100), 2**2040, -(2**2040), 3**2000]
    texts = ["", "a", "\x00", "é", "漢字", "😀", "\ud800", "a" * 255, "b" * 256, "c" * 70000]
    blobs = [b"", b"\x00", b"\xff\xfe", bytes(range(256)), b"x" * 70000, b"y" * (1 << 20)]
    shared = ["shared"]
    nested = [[], {}, (), [None], (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {"k": [1, (2, {"x": b"y"})]}, {1: 2, None: 3},
              [shared, shared], list(range(2500)), dict((i, str(i)) for i in range(1500)), [b"", b"z", "é"]]
    floats = [0.0, -0.0, 1.5, -1e300, 5e-324, float("inf"), float("-inf")]
    for value in [None, True, False] + numbers + texts + blobs + nested + floats:
        back = context.call(echo, value)
        assert type(back) is type(value) and repr(back) == repr(value), (repr(value)[:200], repr(back)[:200])
    assert math.isnan(context.call(echo, float("nan")))
    assert context.call(echo, 1, "two") == (1, "two")
    assert context.call(echo, a=1) == {"a": 1}


@story
def typed_values(router, agent):
    context = router.local(python_path=agent)
    blob = context.call(echo, mitogen.core.Blob(b"secret bytes"))
    assert type(blob) is mitogen.core.Blob and blob == b"secret bytes"
    secret = context.call(echo, mitogen.core.Secret("password"))
    assert type(secret) is mitogen.core.Secret and secret == "password"
    assert context.call(echo, context) is not None
    back = context.call(echo, context)
    assert isinstance(back, mitogen.core.Context) and back.context_id == context.context_id
    sender = mitogen.core.Receiver(router).to_sender()
    back = context.call(echo, sender)
    assert isinstance(back, mitogen.core.Sender) and back.dst_handle == sender.dst_handle
    error = raises(mitogen.core.CallError, lambda: context.call(fail, "boom"))
    back = context.call(echo, [error])[0]
    assert isinstance(back, mitogen.core.CallError) and str(back) == str(error)


@story
def errors(router, agent):
    context = router.local(python_path=agent)
    error = raises(mitogen.core.CallError, lambda: context.call(fail, "boom"))
    assert str(error) == "mitoscope.Failed: boom", str(error)
    error = raises(mitogen.core.CallError, lambda: context.call(fail, "x" * 20000))
    assert len(str(error)) <= 9999
    error = raises(mitogen.core.CallError, lambda: context.call(nothing_of_that_name))
    assert "nothing_of_that_name" in str(error), str(error)
    raises(mitogen.core.TimeoutError, lambda: context.call_async(hang).get(timeout=0.05))


@story
def malformed_calls(router, agent):
    context = router.local(python_path=agent)

    def send(data, enc=None):
        message = mitogen.core.Message(handle=mitogen.core.CALL_FUNCTION, data=data)
        if enc is not None:
            message.enc = enc
        return context.send_await(message, deadline=30)

    good = mitogen.core.Message.pickled((1, 2, 3))
    for data in (b"", b"garbage", b"\x80\x02cos\nsystem\n.", b"\x80\x02" + b"(" * 5000, good.data[:-3]):
        raises(mitogen.core.CallError, lambda: send(data))
    raises(mitogen.core.CallError, lambda: send(good.data))
    assert context.call(echo, "still there") == "still there"


@story
def pipelining(router, agent):
    context = router.local(python_path=agent)
    with mitogen.parent.CallChain(context, pipelined=True) as chain:
        before = chain.call_async(echo, 1)
        chain.call_no_reply(fail, "first")
        after = [chain.call_async(echo, number) for number in range(50)]
        assert before.get().unpickle() == 1
        texts = set(str(raises(mitogen.core.CallError, lambda: each.get().unpickle())) for each in after)
        assert texts == set(["mitoscope.Failed: first"]), texts
        chain.reset()
        assert chain.call(echo, "after the reset") == "after the reset"
    assert context.call(echo, "outside the chain") == "outside the chain"


@story
def order(router, agent):
    context = router.local(python_path=agent)
    receivers = [context.call_async(echo, number) for number in range(2000)]
    assert [each.get().unpickle() for each in receivers] == list(range(2000))
    contexts = [router.local(python_path=agent) for _ in range(5)]
    select = mitogen.select.Select([each.call_async(whoami) for each in contexts])
    assert sorted(m.unpickle()["id"] for m in select) == sorted(each.context_id for each in contexts)


@story
def streams_to_python(router, agent):
    context = router.local(python_path=agent)
    receiver = mitogen.core.Receiver(router)
    done = context.call_async(tail, 5000, receiver.to_sender())
    assert [m.unpickle() for m in receiver] == list(range(5000))
    assert done.get().unpickle() == 5000


@story
def streams_from_python(router, agent):
    context = router.local(python_path=agent)
    sender = context.call(collect)
    items = [None, 1, "two", b"three", [4.0, {"five": 5}]] * 200
    for item in items:
        sender.send(item)
    sender.close()
    assert context.call(collected, sender) == items


def send_items(sender, count):
    """Runs in a Python child."""
    for number in range(count):
        sender.send(number)
    sender.close()


@story
def streams_between_siblings(router, agent):
    ours, python = router.local(python_path=agent), router.local()
    sender = ours.call(collect)
    python.call(send_items, sender, 500)
    assert ours.call(collected, sender) == list(range(500))


@story
def logs(router, agent):
    heard = []
    ready = threading.Event()

    class Handler(logging.Handler):
        def emit(self, record):
            heard.append((record.name, record.levelno, record.getMessage()))
            if "No-reply" in record.getMessage():
                ready.set()

    logging.getLogger().addHandler(Handler())
    context = router.local(python_path=agent)
    context.call_no_reply(fail, "nobody waits")
    assert ready.wait(30)
    name, level, text = [each for each in heard if "No-reply" in each[2]][0]
    assert name.endswith("[%s]" % context.name), name
    assert level == logging.ERROR and "nobody waits" in text, (level, text)


@story
def shutdown(router, agent):
    context = router.local(python_path=agent)
    pid = pid_of(context)
    assert context.call(echo, 1) == 1
    context.shutdown(wait=True)
    gone(pid)
    error = raises(mitogen.core.ChannelError, lambda: context.call(echo, 1))
    assert "no route to" in str(error), str(error)


@story
def shutdown_while_a_function_runs(router, agent):
    context = router.local(python_path=agent)
    pid = pid_of(context)
    running, queued = context.call_async(hang), context.call_async(echo, 1)
    context.shutdown(wait=True)
    gone(pid)
    raises(mitogen.core.ChannelError, lambda: running.get().unpickle())
    raises(mitogen.core.ChannelError, lambda: queued.get().unpickle())


@story
def end_of_the_program(router, agent):
    router.agent_pids = [pid_of(router.local(python_path=agent)) for _ in range(3)]


@story
def killed_child(router, agent):
    context = router.local(python_path=agent)
    waiting = context.call_async(hang)
    os.kill(pid_of(context), signal.SIGKILL)
    error = raises(mitogen.core.ChannelError, lambda: waiting.get().unpickle())
    assert "the respondent Context has disconnected" in str(error), str(error)


@story
def unknown_handle(router, agent):
    context = router.local(python_path=agent)
    for handle in (99, 114, 1000, 4000000000):
        error = raises(mitogen.core.ChannelError, lambda: context.send_await(mitogen.core.Message(handle=handle)))
        assert str(error) == "invalid handle", str(error)


@story
def authority(router, agent):
    context = router.local(python_path=agent)
    receiver = mitogen.core.Receiver(router)
    for handle in (mitogen.core.SHUTDOWN, mitogen.core.CALL_FUNCTION):
        message = mitogen.core.Message(
            dst_id=context.context_id, handle=handle, reply_to=receiver.handle, src_id=mitogen.context_id, auth_id=7777)
        router.broker.defer(router._async_route, message)
        error = raises(mitogen.core.ChannelError, lambda: receiver.get())
        assert str(error) == "refused by policy", str(error)
    assert context.call(echo, "alive") == "alive"


@story
def via(router, agent):
    middle = router.local(python_path=agent)
    leaf = router.local(via=middle, python_path=agent)
    assert leaf.call(add, 40, 2) == 42
    identity = leaf.call(whoami)
    # The id is from the block that the middle asked the root for.
    assert identity["id"] == leaf.context_id >= 2, identity
    deep = leaf
    for _ in range(4):
        deep = router.local(via=deep, python_path=agent)
    assert deep.call(echo, "deep") == "deep"
    waiting = deep.call_async(hang)
    os.kill(pid_of(middle), signal.SIGKILL)
    raises(mitogen.core.ChannelError, lambda: waiting.get().unpickle())


@story
def via_without_a_path(router, agent):
    """The middle starts its own image, as a Python context starts its own interpreter."""
    middle = router.local(python_path=agent)
    assert router.local(via=middle).call(echo, "same image") == "same image"


@story
def via_that_fails(router, agent):
    middle = router.local(python_path=agent)
    error = raises(mitogen.core.StreamError, lambda: router.local(via=middle, python_path="/nowhere/at-all"))
    assert "Child start failed: [Errno 2] No such file or directory" in str(error), str(error)
    assert middle.call(echo, 1) == 1


@story
def losing_a_grandchild(router, agent):
    middle = router.local(python_path=agent)
    leaf = router.local(via=middle, python_path=agent)
    waiting = leaf.call_async(hang)
    leaf.shutdown()
    raises(mitogen.core.ChannelError, lambda: waiting.get().unpickle())
    assert middle.call(echo, 1) == 1


@story
def below_python(router, agent):
    """A Python context starts ours."""
    python = router.local()
    ours = router.local(via=python, python_path=agent)
    assert ours.call(echo, "hello") == "hello"


BRIDGE = """
import os, pty, select, sys, tty
pid, master = pty.fork()
if pid == 0:
    tty.setraw(0)
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    for source in select.select([0, master], [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b""
        if not data:
            sys.exit(0)
        while data:
            data = data[os.write(master if source == 0 else 1, data):]
"""


@story
def raw_terminal(router, agent):
    """stdin, stdout and stderr of the context are one terminal, as under su."""
    context = router.local(python_path=[sys.executable, "-c", BRIDGE, agent])
    data = bytes(range(256)) * 2000
    assert context.call(echo, data) == data
    assert context.call(whoami)["id"] == context.context_id


@story
def killed_parent(router, agent):
    """A parent that is killed takes its context with it, whatever the context does."""
    import subprocess
    script = subprocess.Popen([sys.executable, __file__, "hold-contexts", agent], stdout=subprocess.PIPE)
    pids = [int(word) for word in script.stdout.readline().split()]
    script.kill()
    script.wait()
    for pid in pids:
        gone(pid)


def hold_contexts(router, agent):
    """Not a story of its own: tells who its contexts are, and waits to be killed."""
    idle, hung = router.local(python_path=agent), router.local(python_path=agent)
    leaf = router.local(via=idle, python_path=agent)
    hung.call_async(hang)
    leaf.call_async(sleep, "1h")
    print(pid_of(idle), pid_of(hung))
    sys.stdout.flush()
    time.sleep(1000)


@story
def large_messages(router, agent):
    context = router.local(python_path=agent)
    data = os.urandom(1 << 20) * 16
    assert context.call(echo, data) == data


@story
def typed_functions(router, agent):
    context = router.local(python_path=sys.argv[3])
    assert context.call(sum, [1, 2, 3]) == 6
    assert context.call(sample, 2) == context.call(sample, round=2)
    assert context.call(sample, round=2)["round"] == 2
    error = raises(mitogen.core.CallError, lambda: context.call(sample, rounds=2))
    assert "has no argument 'rounds'; the nearest is 'round'" in str(error), str(error)
    error = raises(mitogen.core.CallError, lambda: context.call(sample, "two"))
    assert "'round': wanted Int, not 'two'" in str(error), str(error)
    error = raises(mitogen.core.CallError, lambda: context.call(refuse))
    assert str(error) == "SurveyProgram.Refusal: closedOnSundays", str(error)
    with mitogen.parent.CallChain(context, pipelined=True) as chain:
        receivers = [chain.call_async(sum, [n, n]) for n in range(50)]
        assert [receiver.get().unpickle() for receiver in receivers] == [2 * n for n in range(50)]


@story
def time_outs_behind_calls(router, agent):
    """What we say behind a call is nothing to Python, and nothing of the call to us."""
    extras = mitogen.core.Message.pickled({"timeout": 5000000000}).data
    for path, module in ((sys.executable, "operator"), (agent, "mito")):
        context = router.local(python_path=path)
        call = mitogen.core.Message.pickled((None, module, None, "add", (2, 3), mitogen.core.Kwargs({}))).data
        for data in (call, call + extras):
            message = mitogen.core.Message(handle=mitogen.core.CALL_FUNCTION, data=data)
            message.enc = mitogen.core.Message.ENC_PKL
            assert context.send_await(message, deadline=30) == 5


def main():
    name, agent = sys.argv[1:3]
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker)
    router.agent_pids = []
    try:
        (hold_contexts if name == "hold-contexts" else STORIES[name])(router, agent)
    finally:
        broker.shutdown()
        broker.join()
    for pid in router.agent_pids:
        gone(pid)


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(STORIES))
    else:
        main()
