"""The passwords that are tried first: some five thousand, all of at least eight characters.

Lists of leaked passwords agree on how people choose them: a word and an ending, a row of keys, a
run of digits, something twice, a date. So the list is written as words and endings.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Final

MIN_CHARS: Final = 8

WORDS: Final = """
    abcd1234 abc123 access account admin administrator amanda andrea andrew angel angels apple asdf
    asdfgh ashley austin babygirl bailey banana barney baseball basketball batman biteme blahblah
    blink182 blue boomer bubbles buster butterfly carlos changeme charlie cheese chelsea chicken
    chocolate computer cookie cowboy daniel default diamond dolphin donald dragon eagles elephant
    falcon family ferrari fish flower football forever freedom friend friends fuckyou george ginger
    google guest hammer hannah harley hello hockey hottie hubbub hunter iloveyou internet jasmine
    jennifer jessica jesus jordan joshua junior justin killer letmein liverpool login london
    lovely loveme maggie manager marina marlboro martin master matrix matthew merlin michael
    michelle mickey midnight monkey monster mustang naruto nicole ninja nothing oliver orange
    pass passw0rd password peanut pepper personal phoenix player pokemon president prince princess
    private purple qazwsx qwe qwer qwert qwerty rabbit rainbow ranger robert rockstar root samantha
    samsung scooter secret security server shadow silver simple slipknot snoopy soccer software
    spider spiderman starwars steelers sunday sunshine superman superstar support sweety system
    taylor temp tennis test testing thomas thunder tigger tiger tinkerbell trustno1 user victoria
    welcome whatever william winner winter wizard yankees zxcvbn zxcvbnm
"""

ENDINGS: Final = """
    1 2 12 123 1234 12345 123456 1234567 12345678 123456789 11 13 22 69 77 99 007 321 ! 1! 123! @123
    #1 2020 2021 2022 2023 2024 2025 2026
"""

SPELT: Final = """
    1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 q1w2e3r4 q1w2e3r4t5 zaq12wsx
    zaq1zaq1 zaq1xsw2 qazwsxedc qwertyui qwertyuio qwertyuiop qwertyuiop123 asdfghjk asdfghjkl
    asdfasdf asdf1234 asdfqwer qwerasdf qweasdzxc qwe123qwe qweqweqwe qwertyqwerty 123qweasd
    123qwe123 1234qwer 12qwaszx 12345qwert 123456qwerty qwerty123456 zxcvbnm1 zxcvbnm123
    poiuytrewq mnbvcxz1 lkjhgfdsa abcdefgh abcdefghi abcdefghij a1b2c3d4 a1b2c3d4e5 aa123456
    aa12345678 a1234567 a12345678 a123456789 a123456a abc123456 abc12345 abcd12345 abcabc123
    q1234567 q123456789 123456aa 123456abc 1234567a 12345678a 123456789a 1234abcd 11223344
    1122334455 112233445566 12121212 13131313 10203040 1020304050 01020304 10101010 20202020
    14789632 147258369 159753456 741852963 789456123 789654123 963852741 987654321 9876543210
    87654321 0987654321 098765432 0123456789 012345678 01234567 12341234 12344321 123123123
    123321123 123454321 1234554321 12345678 123456789 1234567890 12345678910 12345679 123456780
    123456123456 123456654321 123123qwe 31415926 27182818 p@ssw0rd p@ssword pa$$word pa$$w0rd
    passw0rd1 passw0rd! password1234 password12345 passwordpassword passpass passwort kennwort
    motdepasse contrasena wachtwoord parola123 iloveyou2 iloveu123 iloveyou! letmein1! welcome1!
    admin@123 admin1234! root1234 toortoor changeit changethis secret123! qwerty1! football1!
    correcthorsebatterystaple trustno1! computer1 michael1! manchester liverpool1 arsenal1
    barcelona realmadrid juventus chelsea1 newyork1 hellohello monkey12 lovelove loveyou1
    ilovegod jesuschrist godisgood blessing blessed1 jordan23 michaeljordan kobe24kobe mustang1
    corvette mercedes porsche911 lamborghini playstation nintendo minecraft fortnite warcraft
    starcraft pokemon1 pikachu1 charizard dragonball gandalf1 skywalker darthvader startrek
    enterprise terminator undertaker metallica nirvana1 slipknot1 greenday eminem123 beatles1
    sunflower butterfly1 snowball strawberry blueberry raspberry pineapple watermelon chocolate1
    cinnamon icecream cupcake1 buttercup sweetheart darling1 babyblue babygirl1 princess1
    prettygirl brooklyn california colorado australia scotland americans thailand portugal
    holland1 deutschland november december february september october1 saturday thursday
    wednesday tuesday1 friday13 summer2023 summer2024 summer2025 winter2023 winter2024
    winter2025 spring2024 spring2025 autumn2024 autumn2025
"""


@cache
def top_passwords() -> frozenset[str]:
    """Return them all, case-folded."""
    return frozenset(text for text in _all() if len(text) >= MIN_CHARS)


def _all() -> Iterator[str]:
    words = WORDS.split()
    yield from SPELT.split()
    yield from words
    for word, ending in product(words, ENDINGS.split()):
        yield word + ending
    for word in words:
        yield word * 2
    for digit, count in product("0123456789", range(MIN_CHARS, 13)):
        yield digit * count
    for letter in "abcdefghijklmnopqrstuvwxyz":
        yield letter * MIN_CHARS
    for year, day in product(range(1970, 2010), ("0101", "1231")):
        yield f"{day}{year}"
        yield f"{year}{day}"
