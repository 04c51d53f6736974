#!/usr/bin/env python3
"""An adapter in about 60 lines: pingjia's process protocol (adapters/README.md) on stdin and stdout.

It serves a toy model that repeats the question word by word and likes short continuations. In a
run file: {"name": "toy", "adapter": "process", "options": {"command": "python3 example_adapter.py",
"options": {"delay_ms": 5}}}. Check yours: pingjia doctor --adapter "python3 example_adapter.py"
"""
import json, sys, threading, time

lock, cancelled, options, ledger = threading.Lock(), set(), {}, {"requests": 0, "tokens": 0}

def write(type, **fields):  # One object a line; flushed, or the client waits for a full buffer.
    with lock:
        print(json.dumps({"type": type, **fields}), flush=True)

def generate(id, question, max_tokens, stop):
    started, used, finish = time.monotonic_ns(), 0, "stop"
    reply = " ".join(question.split())
    for text in stop:  # Everything from a stop string on is dropped.
        reply = reply.split(text)[0]
    for word in reply.split():
        if id in cancelled or used == max_tokens:
            finish = "length" if used == max_tokens else "cancelled"
            break
        time.sleep(options.get("delay_ms", 0) / 1000)
        used += 1
        write("delta", id=id, text=word if used == 1 else " " + word, tokens=1,
              t_ns=time.monotonic_ns())
    write("done", id=id, finish=finish,
          usage={"input": len(question.split()), "cache_read": 0, "output": used},
          timings={"queue_ns": 0, "prefill_ns": 0, "decode_ns": time.monotonic_ns() - started})
    ledger["tokens"] += used

def loglikelihood(id, continuations):
    shortest = min(continuations, key=len, default="")
    write("scores", id=id, usage={"input": 0, "output": 0}, scores=[
        {"loglikelihood": -0.5 * len(text), "tokens": max(1, len(text.split())),
         "bytes": len(text.encode()), "greedy": text == shortest} for text in continuations])

def answer(type, **fields):
    if type == "hello":
        write("hello", protocol=1, name="example", version="1", test_double=True,
              capabilities=["generate", "loglikelihood", "cancel", "seed", "stop"])
    elif type == "load":
        options.update(fields["options"])
        write("ready", model="toy", device="CPU", details={})
    elif type == "generate":  # Requests overlap: each answers when it is done.
        ledger["requests"] += 1
        question = fields["messages"][-1]["content"] if fields["messages"] else ""
        threading.Thread(target=generate, args=(fields["id"], question, fields["max_tokens"],
                                                fields.get("stop", []))).start()
    elif type == "loglikelihood":
        loglikelihood(fields["id"], fields["continuations"])
    elif type == "cancel":
        cancelled.add(fields["id"])
    elif type == "stats":
        write("stats", details=ledger)
    return type != "shutdown"

for line in sys.stdin.buffer:  # The end of input means shutdown.
    message = {}
    try:
        message = json.loads(line)
        if not answer(**message):
            break
    except Exception as error:  # A bad line is no reason to die; whoever sent it must be told.
        known = {"id": message["id"]} if isinstance(message, dict) and "id" in message else {}
        write("error", message=repr(error), **known, **{"class": "bad_request"})
