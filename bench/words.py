"""Words as terminologies use them, Persian and English: a few very often, thousands seldom (Zipf).

The frequent words are real ones. The seldom ones are put together as medicine puts them together (roots and endings, the
syllables of generic names), because nobody may ship a million real ones; their number and their lengths are what matters.
"""

from __future__ import annotations

import itertools
import random
from functools import cache

HALF_SPACE = "\u200c"

COMMON = {
    "fa": (
        "با و در از به حاد مزمن بیماری درد التهاب عفونت سندرم شکستگی سرطان تومور خون قلب کبد کلیه ریه مغز پوست چشم گوش بینی"
        " دندان استخوان مفصل عضله عصب رگ شریان ورید معده روده پانکراس طحال غده تیروئید پستان رحم تخمدان پروستات مثانه دست پا"
        " راست چپ دوطرفه بالا پایین داخلی خارجی اولیه ثانویه خوش‌خیم بدخیم نامشخص سایر بدون همراه ناشی علت دارای دوره درمان"
        " جراحی آزمایش تصویربرداری قرص کپسول شربت آمپول پماد قطره اسپری محلول تزریقی خوراکی موضعی میلی‌گرم میلی‌لیتر گرم واحد"
        " استامینوفن آموکسی‌سیلین ایبوپروفن متفورمین آتورواستاتین لوزارتان امپرازول سفالکسین آزیترومایسین دیکلوفناک انسولین"
        " می‌شود نمی‌شود گزارش کودکان بزرگسالان بارداری نوزاد سالمند فشار قند چربی کم‌خونی آسم دیابت صرع میگرن آلرژی حساسیت"
    ),
    "en": (
        "of the with and in due to left right acute chronic disease disorder syndrome pain unspecified other without initial"
        " encounter fracture injury infection neoplasm malignant benign blood heart liver kidney lung brain skin eye ear nose"
        " tooth bone joint muscle nerve artery vein stomach bowel pancreas spleen gland thyroid breast uterus ovary prostate"
        " bladder hand foot upper lower internal external primary secondary bilateral tablet capsule syrup injection ointment"
        " drops spray solution oral topical acetaminophen amoxicillin ibuprofen metformin atorvastatin losartan omeprazole"
        " cephalexin azithromycin diclofenac insulin codeine caffeine type stage severe mild moderate open closed displaced"
        " congenital acquired pregnancy newborn pressure anemia asthma diabetes epilepsy migraine allergy sensitivity region"
    ),
}  # fmt: skip

_ROOTS = {
    "fa": (
        "کاردیو هپاتو نفرو گاسترو نورو درماتو اوستئو آرترو میو هماتو پولمو انسفالو سیستو کولو انترو تیرو آدنو رینو اتو فارنگو"
        " لارنگو برونکو پلورو اسپلنو پانکراتو مامو هیسترو سالپنگو اورکیو فلبو آنژیو لنفو میلو کوندرو تندو فیبرو لیپو نکرو پیو"
    ),
    "en": (
        "cardio hepato nephro gastro neuro dermato osteo arthro myo hemato pulmo encephalo cysto colo entero thyro adeno rhino"
        " oto pharyngo laryngo broncho pleuro spleno pancreato mammo hystero salpingo orchio phlebo angio lympho myelo chondro"
        " tendo fibro lipo necro pyo"
    ),
}
_ENDINGS = {
    "fa": "پاتی مگالی اسکوپی گرافی توم تومی پلاستی اسکلروز استنوز رراژی پنی لیز ژنز تروفی پلازی بلاست سیت دینی رافی پکسی",
    "en": "pathy megaly scopy graphy tome tomy plasty sclerosis stenosis rrhagia penia lysis genesis trophy plasia blast cyte"
    " dynia rrhaphy pexy itis",
}
_SYLLABLES = {
    "fa": "آب ال ام بو پر تا تری جن دو را روس زو سا سیل شی فا فلو کا کلر گلی لو مت مو نی وا هی یو پن تور دکس",
    "en": "ab al am bu per ta tri gen do ra ros zo sa sil che fa flu ka chlor gly lo met mo ni va he jo pan tor dex",
}
_GENERIC = {
    "fa": "لول پریل استاتین مایسین آزول سیلین ماب تینیب ویر پام کائین دیپین سارتان زپین",
    "en": "lol pril statin mycin azole cillin mab tinib vir pam caine dipine sartan zepine",
}
_HALF_SPACED = "ها های ای شناسی درمانی پذیر کننده شده"  # endings that Persian writes after a half-space

SIZE = 20_000  # words of a language
_SHIFT = 2.7  # Mandelbrot's: the first words are frequent, but no word is everywhere


@cache
def vocabulary(language: str) -> tuple[list[str], list[float]]:
    """The words of *language*, most frequent first, and their cumulated frequencies as `random.choices` takes them."""
    common = COMMON[language].replace(" ", "\n").split("\n")
    seldom = [word for word in dict.fromkeys(_made(language)) if word not in common]
    random.Random(language).shuffle(seldom)
    words = [*common, *seldom[: SIZE - len(common)]]
    return words, list(itertools.accumulate(1 / (rank + _SHIFT) for rank in range(len(words))))


def _made(language: str) -> list[str]:
    """Compounds, generic names, and in Persian the half-spaced forms of both."""
    roots, endings = _ROOTS[language].split(), _ENDINGS[language].split()
    syllables, generic = _SYLLABLES[language].split(), _GENERIC[language].split()
    compounds = [root + ending for root in roots for ending in endings]
    names = [one + two + end for one in syllables for two in syllables for end in generic]
    if language == "en":
        return compounds + [root + other + end for root in roots for other in roots for end in endings[:6]] + names
    return compounds + names + [word + HALF_SPACE + end for word in compounds for end in _HALF_SPACED.split()]
