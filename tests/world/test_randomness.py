from legacy_seam.world.randomness import Randomness


def test_the_stream_is_that_of_its_seed() -> None:
    first, same, other = Randomness(0), Randomness(0), Randomness(1)
    drawn = [first.bytes(5), first.bytes(5)]
    assert drawn == [same.bytes(5), same.bytes(5)]
    assert drawn[0] != drawn[1]
    assert other.bytes(5) not in drawn
    assert len(first.bytes(0)) == 0
