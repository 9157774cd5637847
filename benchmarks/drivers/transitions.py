"""A state machine of matter, one of nested states, one that counts: callbacks, conditions, queues, errors."""

import random

from transitions import Machine, MachineError, State
from transitions.extensions import GraphMachine, HierarchicalMachine, LockedMachine  # noqa: F401


class Matter:
    def __init__(self):
        self.log = []
        self.heat = 0

    def is_hot(self):
        return self.heat > 50

    def on_enter_liquid(self, *words, **named):
        self.log.append("liquid")

    def shout(self, *words, **named):
        self.log.append((words, sorted(named)))

    def prepare(self):
        self.heat += 30


states = [State("solid", on_exit="shout"), "liquid", {"name": "gas", "on_enter": ["shout"]}, "plasma"]
lump = Matter()
machine = Machine(
    lump,
    states,
    initial="solid",
    transitions=[
        {"trigger": "melt", "source": "solid", "dest": "liquid", "before": "shout"},
        {"trigger": "evaporate", "source": "liquid", "dest": "gas", "conditions": "is_hot", "prepare": "prepare"},
        ["sublimate", "solid", "gas"],
        ["ionize", "*", "plasma"],
        {"trigger": "stay", "source": "*", "dest": "="},
    ],
    send_event=False,
)
print(lump.state, lump.is_solid(), lump.melt("now", by="fire"), lump.state)
print(lump.evaporate(), lump.evaporate(), lump.state, lump.log)
try:
    lump.melt()
except MachineError as error:
    print(error)
print(machine.get_triggers("solid"), lump.may_melt(), lump.to_solid(), lump.trigger("ionize"), lump.stay())
machine.add_transition("cool", "plasma", "gas", unless=["is_hot"], after=lambda: lump.log.append("cooled"))
print(lump.cool(), machine.get_state("gas").name, len(machine.get_transitions("cool")))
lump.heat = 0
print(lump.cool(), lump.log[-1])
machine.add_ordered_transitions(loop=False)
machine.set_state("solid")
print(lump.next_state(), lump.state)
machine.remove_transition("sublimate")


class Light:
    pass


nested = HierarchicalMachine(
    Light(),
    states=[
        "off",
        {
            "name": "on",
            "initial": "dim",
            "children": [
                "dim",
                "bright",
                {"name": "blink", "parallel": ["slow", {"name": "red", "children": ["a", "b"]}]},
            ],
            "transitions": [["up", "dim", "bright"], ["up", "bright", "blink"]],
        },
    ],
    transitions=[["switch", "off", "on"], ["switch", "on", "off"]],
    initial="off",
    ignore_invalid_triggers=True,
)
lamp = nested.model
print(lamp.switch(), lamp.state, lamp.up(), lamp.state, lamp.is_on(allow_substates=True), lamp.up(), lamp.state)
print(nested.get_nested_state_names(), lamp.switch(), lamp.state, lamp.up())


class Counter(Machine):
    def __init__(self):
        self.seen = []
        Machine.__init__(
            self,
            states=["a", "b", "c"],
            initial="a",
            queued=True,
            send_event=True,
            after_state_change="note",
            finalize_event="done",
            on_exception="failed",
        )
        self.add_transition("go", "a", "b", after="go")
        self.add_transition("go", "b", "c", before=self.maybe)
        self.add_transition("fail", "*", "a", conditions=self.breaks)

    def maybe(self, event):
        self.seen.append(event.kwargs.get("n", 0))

    def note(self, event):
        self.seen.append(f"{event.transition.source}->{event.transition.dest}")

    def done(self, event):
        self.seen.append(event.event.name)

    def breaks(self, event):
        raise ValueError("broken")

    def failed(self, event):
        self.seen.append(repr(event.error))


counter = Counter()
print(counter.go(n=3), counter.state, counter.seen)
print(counter.fail(), counter.seen[-2:])
random.seed(4)
walker = Machine(states=list("xyz"), initial="x", auto_transitions=True)
for _ in range(5):
    getattr(walker, "to_" + random.choice("xyz"))()
print(walker.state, sorted(walker.events))
