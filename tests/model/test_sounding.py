"""Words that sound alike, whatever script they are written in."""

import pytest

from maksa.model.folding import folded
from maksa.model.keyboard import other_keyboard
from maksa.model.sounding import skeleton, sounds

NAMES = (
    ("استامینوفن", "acetaminophen"), ("آموکسی‌سیلین", "amoxicillin"), ("سفتریاکسون", "ceftriaxone"), ("اگزازپام", "oxazepam"),
    ("دگزامتازون", "dexamethasone"), ("لووتیروکسین", "levothyroxine"), ("متوترکسات", "methotrexate"), ("جنتامایسین", "gentamicin"),
    ("وارفارین", "warfarin"), ("کلرفنیرامین", "chlorpheniramine"), ("کلروکین", "chloroquine"),
    ("واکسن", "vaccine"), ("تهران", "tehran"), ("قزوین", "qazvin"), ("خرم‌آباد", "khorramabad"), ("ژلوفن", "gelofen"),
)  # fmt: skip


@pytest.mark.parametrize(("persian", "latin"), NAMES)
def test_a_name_has_the_same_consonants_in_both_scripts(persian, latin):
    """Persian writes drugs and places as they sound."""
    assert skeleton(folded(persian).split()[0]) == skeleton(latin)


@pytest.mark.parametrize(
    ("wrong", "right"), [("amoxicilin", "amoxicillin"), ("anemia", "anaemia"), ("acetominofen", "acetaminophen")]
)
def test_wrong_vowels_and_lone_letters_are_forgiven(wrong, right):
    """They are what people most often mistype."""
    assert skeleton(wrong) == skeleton(right)


def test_words_without_letters_sound_like_nothing():
    """Digits and strange scripts have no sound that is known here."""
    assert [skeleton(each) for each in ("", "ا", "اهای")] == ["", "", "h"]
    assert sounds("") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("hsjhldk,tk", "استامینوفن"), ("شزثف", "acet"), ("Jivhk", "تهران"), ("يهشذثفثس", "diabetes"), ("60002", "60002")],
)
def test_the_other_keyboards_letters(typed, meant):
    """The keys of a Persian keyboard and of a Latin one, both ways."""
    assert other_keyboard(typed) == meant
