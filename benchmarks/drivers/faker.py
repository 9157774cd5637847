"""Names, addresses, dates and numbers drawn at random, with and without a seed."""

from faker import Faker

seeded = Faker("en_US")
Faker.seed(4321)
print(seeded.name(), seeded.address(), seeded.email(), seeded.date_of_birth().year > 1900, seeded.text(60))
print(seeded.pyint(), seeded.pystr(5, 9), seeded.pydecimal(left_digits=3, right_digits=2), seeded.uuid4())
print(
    seeded.credit_card_number(), seeded.iban(), seeded.phone_number(), seeded.job(), seeded.company(), seeded.bs()
)
print(seeded.sentence(), seeded.words(3), seeded.color_name(), seeded.hex_color(), seeded.ipv4(), seeded.url())
print(
    seeded.random_element(["a", "b"]),
    seeded.random_sample(range(20), 4),
    seeded.bothify("??-##"),
    seeded.numerify("%%#"),
)
print(
    seeded.profile()["job"],
    seeded.simple_profile()["sex"],
    seeded.password(),
    seeded.license_plate(),
    seeded.isbn13(),
)
other = Faker(["de_DE", "fr_FR"])
other.seed_instance(7)
print(other.name(), other.city(), other.locales, other.postcode())
free = Faker()
print(
    type(free.name()), type(free.date_time()), len(free.words(4)), type(free.future_date()), type(free.unix_time())
)
unique = Faker()
unique.seed_instance(3)
print(len({unique.unique.first_name() for _ in range(20)}), unique.optional.word(prob=0.5) in (None, "x") or "word")
