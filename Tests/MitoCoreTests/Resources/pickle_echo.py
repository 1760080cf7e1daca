"""Reads payloads as Mitogen does, writes each again with Mitogen's pickler.

Standard input and output carry payloads one after another, each behind its length as four bytes, big-endian. An answer
of length 0xFFFFFFFF is followed by a text with its own length: why the payload was refused.
"""
import struct
import sys

import mitogen.core

# Python 3.11 and later refuse to print large numbers, which logs of refused payloads would do.
if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)


class Router(mitogen.core.Router):
    """Just enough of a router for contexts and senders to be unpickled."""

    def __init__(self):
        pass

    def context_by_id(self, context_id, via_id=None, create=True, name=None):
        return mitogen.core.Context(self, context_id, name)


def echo(router, payload):
    message = mitogen.core.Message(enc=mitogen.core.Message.ENC_PKL, data=payload)
    message.router = router
    # One Message.pickled() for all values of the payload: they share one memo.
    values = list(message.unpickle_iter(throw=False, find_class=message._find_global))
    return mitogen.core.Message.pickled(*values).data


def main():
    source = getattr(sys.stdin, 'buffer', sys.stdin)
    target = getattr(sys.stdout, 'buffer', sys.stdout)
    router = Router()
    answers = []
    while True:
        header = source.read(4)
        if not header:
            break
        payload = source.read(struct.unpack('>L', header)[0])
        try:
            answer = echo(router, payload)
            answers.append(struct.pack('>L', len(answer)) + answer)
        except Exception:
            why = repr(sys.exc_info()[1]).encode('utf-8', 'replace')
            answers.append(struct.pack('>LL', 0xFFFFFFFF, len(why)) + why)
    target.write(b''.join(answers))
    target.flush()


main()
