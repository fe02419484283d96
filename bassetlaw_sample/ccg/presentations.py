"""What practices prescribe: substances, and the presentations of each.

Codes of substances are those of the British National Formulary; those of presentations are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Presentation(NamedTuple):
    """One pack of one presentation: relative frequency, and pounds per unit of quantity."""

    chapter: str
    substance_code: str
    substance: str
    code: str
    description: str
    quantity: int
    frequency: float
    unit_price: float


_CHAPTERS = {
    "01": "01: Gastro-Intestinal System",
    "02": "02: Cardiovascular System",
    "03": "03: Respiratory System",
    "04": "04: Central Nervous System",
    "05": "05: Infections",
    "06": "06: Endocrine System",
    "07": "07: Obstetrics Gynaecology and Urinary-Tract Disorders",
    "09": "09: Nutrition and Blood",
    "10": "10: Musculoskeletal and Joint Diseases",
    "11": "11: Eye",
    "13": "13: Skin",
    "21": "21: Appliances",
}
_DAILY = (28, 56, 84, 112, 30, 60, 14, 90, 100, 168, 7)
_COURSE, _EACH = (7, 14, 15, 20, 21, 28, 10, 30, 42, 50), (1, 2, 3, 4, 5, 6, 8, 10, 12)
# Code, name, strengths, form, quantities, frequency, pounds a unit.
_SUBSTANCES = (
    ("0103050P0", "Omeprazole", ("10mg", "20mg", "40mg"), "gastro-resistant capsules", _DAILY, 60, 0.05),
    ("0103050L0", "Lansoprazole", ("15mg", "30mg"), "gastro-resistant capsules", _DAILY, 50, 0.05),
    ("0106040M0", "Macrogol 3350", ("compound",), "oral powder sachets", _DAILY, 12, 0.18),
    ("0106020M0", "Senna", ("7.5mg", "15mg"), "tablets", _DAILY, 10, 0.04),
    ("0202010B0", "Bendroflumethiazide", ("2.5mg", "5mg"), "tablets", _DAILY, 28, 0.03),
    ("0202020L0", "Furosemide", ("20mg", "40mg"), "tablets", _DAILY, 24, 0.03),
    ("0204000H0", "Bisoprolol fumarate", ("1.25mg", "2.5mg", "5mg", "10mg"), "tablets", _DAILY, 45, 0.04),
    ("0205051R0", "Ramipril", ("2.5mg", "5mg", "10mg"), "capsules", _DAILY, 60, 0.05),
    ("0205052N0", "Losartan potassium", ("25mg", "50mg", "100mg"), "tablets", _DAILY, 26, 0.05),
    ("0206020A0", "Amlodipine", ("5mg", "10mg"), "tablets", _DAILY, 58, 0.03),
    ("0208020V0", "Warfarin sodium", ("1mg", "3mg", "5mg"), "tablets", _DAILY, 16, 0.04),
    ("0208020Z0", "Apixaban", ("2.5mg", "5mg"), "tablets", _DAILY, 9, 0.95),
    ("0208020Y0", "Rivaroxaban", ("15mg", "20mg"), "tablets", _DAILY, 8, 1.80),
    ("0209000A0", "Aspirin", ("75mg", "300mg"), "dispersible tablets", _DAILY, 48, 0.03),
    ("0209000C0", "Clopidogrel", ("75mg",), "tablets", _DAILY, 24, 0.06),
    ("0212000B0", "Atorvastatin", ("10mg", "20mg", "40mg", "80mg"), "tablets", _DAILY, 75, 0.06),
    ("0212000Y0", "Simvastatin", ("10mg", "20mg", "40mg"), "tablets", _DAILY, 50, 0.04),
    ("0301011R0", "Salbutamol", ("100micrograms", "200micrograms"), "dose inhaler", _EACH, 55, 2.40),
    ("0301020Q0", "Tiotropium", ("18micrograms", "10micrograms"), "inhalation powder", _EACH, 14, 27.0),
    (
        "0302000C0",
        "Beclometasone dipropionate",
        ("100micrograms", "200micrograms"),
        "inhaler",
        _EACH,
        30,
        12.0,
    ),
    ("0302000N0", "Fluticasone with salmeterol", ("125/25", "250/25"), "inhaler", _EACH, 18, 33.0),
    ("0304010I0", "Cetirizine hydrochloride", ("10mg",), "tablets", _DAILY, 14, 0.03),
    ("0401010Z0", "Zopiclone", ("3.75mg", "7.5mg"), "tablets", _COURSE, 11, 0.04),
    ("0403010B0", "Amitriptyline hydrochloride", ("10mg", "25mg", "50mg"), "tablets", _DAILY, 32, 0.04),
    ("0403030D0", "Citalopram", ("10mg", "20mg", "40mg"), "tablets", _DAILY, 36, 0.04),
    ("0403030Q0", "Sertraline", ("50mg", "100mg"), "tablets", _DAILY, 36, 0.05),
    ("0403040X0", "Mirtazapine", ("15mg", "30mg", "45mg"), "tablets", _DAILY, 20, 0.05),
    ("0407010H0", "Paracetamol", ("500mg",), "tablets", _DAILY, 44, 0.03),
    ("0407010F0", "Co-codamol", ("8mg/500mg", "15mg/500mg", "30mg/500mg"), "tablets", _DAILY, 34, 0.05),
    ("0407020A0", "Fentanyl", ("12micrograms", "25micrograms"), "transdermal patches", _EACH, 5, 4.20),
    ("0407020C0", "Codeine phosphate", ("15mg", "30mg", "60mg"), "tablets", _DAILY, 15, 0.05),
    ("0408010G0", "Gabapentin", ("100mg", "300mg", "400mg"), "capsules", _DAILY, 18, 0.06),
    ("0408010AE", "Pregabalin", ("75mg", "150mg", "300mg"), "capsules", _DAILY, 16, 0.10),
    ("0411000D0", "Donepezil hydrochloride", ("5mg", "10mg"), "tablets", _DAILY, 7, 0.05),
    ("0501013B0", "Amoxicillin", ("250mg", "500mg"), "capsules", _COURSE, 24, 0.06),
    ("0501011P0", "Phenoxymethylpenicillin", ("250mg",), "tablets", _COURSE, 8, 0.05),
    ("0501030I0", "Doxycycline", ("50mg", "100mg"), "capsules", _COURSE, 9, 0.12),
    ("0501130R0", "Nitrofurantoin", ("50mg", "100mg"), "capsules", _COURSE, 7, 0.35),
    ("0601011A0", "Insulin aspart", ("100units/ml",), "solution for injection", _EACH, 6, 6.10),
    ("0601012V0", "Insulin glargine", ("100units/ml",), "solution for injection", _EACH, 6, 7.60),
    ("0601021M0", "Gliclazide", ("40mg", "80mg"), "tablets", _DAILY, 18, 0.04),
    ("0601022B0", "Metformin hydrochloride", ("500mg", "850mg", "1g"), "tablets", _DAILY, 46, 0.04),
    ("0601023X0", "Sitagliptin", ("50mg", "100mg"), "tablets", _DAILY, 8, 1.18),
    ("0601023AG", "Dapagliflozin", ("5mg", "10mg"), "tablets", _DAILY, 6, 1.30),
    (
        "0602010V0",
        "Levothyroxine sodium",
        ("25micrograms", "50micrograms", "100micrograms"),
        "tablets",
        _DAILY,
        62,
        0.05,
    ),
    ("0603020T0", "Prednisolone", ("1mg", "5mg"), "tablets", _COURSE, 18, 0.04),
    ("0606020A0", "Alendronic acid", ("70mg",), "tablets", (4, 8, 12), 12, 0.30),
    ("0704020J0", "Solifenacin", ("5mg", "10mg"), "tablets", _DAILY, 8, 0.55),
    ("0704010U0", "Tamsulosin hydrochloride", ("400micrograms",), "capsules", _DAILY, 18, 0.10),
    ("0703010F0", "Combined ethinylestradiol", ("30micrograms",), "tablets", (21, 63, 126), 10, 0.06),
    ("0901011P0", "Ferrous sulfate", ("200mg",), "tablets", _DAILY, 14, 0.05),
    ("0901020G0", "Folic acid", ("400micrograms", "5mg"), "tablets", _DAILY, 24, 0.04),
    ("0906040G0", "Colecalciferol", ("800unit", "20,000unit"), "capsules", _DAILY, 26, 0.14),
    ("0904010H0", "Enteral nutrition", ("125ml", "200ml"), "bottles", _DAILY, 4, 1.60),
    ("1001010P0", "Naproxen", ("250mg", "500mg"), "tablets", _DAILY, 18, 0.06),
    ("1001040C0", "Allopurinol", ("100mg", "300mg"), "tablets", _DAILY, 16, 0.04),
    ("1103010C0", "Chloramphenicol", ("0.5%", "1%"), "eye preparation", _EACH, 8, 1.70),
    ("1106000X0", "Latanoprost", ("50micrograms/ml",), "eye drops", _EACH, 11, 1.60),
    ("1302010U0", "Emollients", ("500g", "100g"), "crème", _EACH, 22, 4.10),
    ("1304000V0", "Hydrocortisone", ("0.5%", "1%"), "cream", _EACH, 12, 1.60),
    ("21010900101", "Blood glucose test strips", ("50",), "strips", _EACH, 16, 10.0),
    ("21300000001", "Stoma bags", ("30",), "bags", _EACH, 6, 62.0),
)


def presentations() -> Iterator[Presentation]:
    """Every presentation in every quantity; appliances have a code of eleven characters."""
    for code, name, strengths, form, quantities, frequency, price in _SUBSTANCES:
        appliance = code.startswith("21")
        for number, strength in enumerate(strengths):
            letter = chr(ord("A") + number)
            for place, quantity in enumerate(quantities):
                yield Presentation(
                    chapter=_CHAPTERS[code[:2]],
                    substance_code=code[:9],
                    substance=name,
                    code=code if appliance else f"{code}AAA{letter}A{letter}",
                    description=f"{name} {strength} {form}".replace(",", ""),
                    quantity=quantity,
                    frequency=frequency / len(strengths) / (place + 1),
                    unit_price=price * (1 + 0.2 * number),
                )
