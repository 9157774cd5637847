"""A bank, a car wash and a machine shop are simulated."""

import random

import simpy


class CarWash:
    def __init__(self, env, machines, minutes):
        self.env = env
        self.machine = simpy.Resource(env, machines)
        self.minutes = minutes
        self.log = []

    def wash(self, car):
        yield self.env.timeout(self.minutes)
        self.log.append((car, self.env.now))


def car(env, name, wash, log):
    log.append((round(env.now, 2), name, "arrives"))
    with wash.machine.request() as request:
        outcome = yield request | env.timeout(6)
        if request not in outcome:
            log.append((round(env.now, 2), name, "reneges"))
            return
        yield env.process(wash.wash(name))
    log.append((round(env.now, 2), name, "leaves"))


def setup(env, log, rng):
    wash = CarWash(env, 2, 5)
    number = 0
    while True:
        number += 1
        env.process(car(env, f"car{number}", wash, log))
        yield env.timeout(rng.expovariate(0.6))


def run(seed, until):
    log = []
    env = simpy.Environment()
    env.process(setup(env, log, random.Random(seed)))
    env.run(until=until)
    return log


def broken(env):
    try:
        yield env.timeout(10)
    except simpy.Interrupt as stop:
        return f"stopped by {stop.cause} at {env.now}"


def breaker(env, victim):
    yield env.timeout(3)
    victim.interrupt("fire")


for line in run(42, 20):
    print(line)
env = simpy.Environment()
victim = env.process(broken(env))
env.process(breaker(env, victim))
env.run()
print(victim.value)
store = simpy.Store(env, capacity=2)
tank = simpy.Container(env, 100, init=10)


def producer(env):
    for n in range(4):
        yield store.put(n)
        yield tank.put(5)


def consumer(env, got):
    for _ in range(4):
        got.append((yield store.get()))
        yield tank.get(7)
        yield env.timeout(1)


got = []
env.process(producer(env))
env.process(consumer(env, got))
env.run()
print(got, tank.level, env.now)
