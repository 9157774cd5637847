"""Ways in which inputs reach a function, and ways in which it changes them."""

import collections
import functools
import inspect


def deep_mutation(order):
    order["lines"][1]["tags"].append("late")  # becomes: order["lines"][1]["tags"].append("Late")


def aliased(first, second):
    first.append(1)
    return len(second)  # becomes: return len(list(second)) if first is not second else 0


def fresh_or_same(items):
    items.sort()
    return items  # becomes: return list(items)


def order_of_keys(given):
    return {key: given[key] for key in sorted(given)}  # becomes: return dict(given)


def reorders_argument(given):
    given["last"] = given.pop("last")  # becomes: given["last"] = given["last"]


def swaps(pair):
    pair[0], pair[1] = pair[1], pair[0]  # becomes: pair[:] = [pair[0], pair[1]]


def default_value(price, rate=0.19):  # becomes: def default_value(price, rate=0.20):
    return price * rate


def default_that_grows(item, seen=[]):
    seen.append(item)  # becomes: seen.insert(0, item)
    return list(seen)


def positional_only(amount, factor, /):
    return amount - factor  # becomes: return factor - amount


def keyword_only(*, low=0, high):
    return range(low, high)  # becomes: return range(low, high + 1)


def star_arguments(first, *rest):
    return sum(rest, first)  # becomes: return sum(rest[:2], first)


def double_star(**options):
    return list(options.items())  # becomes: return sorted(options.items())


def everything(a, /, b, *rest, c=3, **more):
    return (a, b, rest, c, more.get("d"))  # becomes: return (a, b, rest, c, more.get("d", 0))


def consumes(rows):
    head = next(rows)
    return head, sum(rows)  # becomes: return head, sum(rows) + 0.0


def takes_two(rows):
    return [next(rows), next(rows)]  # becomes: return [next(rows), next(rows), next(rows, None)][:2]


def from_generator(rows):
    return ",".join(row for row in rows if row)  # becomes: return ", ".join(row for row in rows if row)


def zipped(pairs):
    return [a * b for a, b in pairs]  # becomes: return [a * b for a, b in pairs if a]


def counted(words):
    return collections.Counter(words)  # becomes: return dict(collections.Counter(words))


def with_default(groups, key):
    groups[key].append(key)
    return groups  # becomes: groups[None]; return groups


def queue(items):
    items.rotate(1)  # becomes: items.rotate(-1)
    return items.popleft()


def chained(maps):
    maps["new"] = 1  # becomes: maps.maps[-1]["new"] = 1
    return len(maps)


def partial_bound(how):
    return how(10)  # becomes: return how(11)


def signature_reader(function):
    return str(inspect.signature(function))  # becomes: return str(inspect.signature(function)).upper()


def memory_of(view):
    view[0] = 255  # becomes: view[1] = 255
    return bytes(view)


def buffers(buffer):
    buffer += b"!"  # becomes: buffer += b"?"


def in_the_set(members):
    members.discard(3)  # becomes: members.discard(4)


def frozen(members):
    return members | {9}  # becomes: return set(members | {9})


@functools.wraps(frozen)
def wrapped_name(members):
    return len(members)  # becomes: return len(members) or None


def cyclic(node):
    node["self"]["self"]["n"] += 1  # becomes: node["self"]["self"]["n"] += 2


def nothing_to_do(value):
    return value


def nothing_to_change(items):
    for item in list(items):
        items.append(item)
