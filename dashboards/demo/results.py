"""Invented results of the invented schools, in the manner of the DfE, some of them withheld."""

import csv
import io
from random import Random

from dashboards.demo import extract
from partnerships import actions
from schools.results import as_label, import_results

CENSUS = ["URN", "NOR", "NUMFSM", "PNUMFSMEVER", "PNUMEAL", "PSENELK", "PSENELSE"]
LEAVERS = """RECTYPE,URN,COHORT,OVERALL_DESTPER,EDUCATIONPER,FEPER,SCH_6THPER,SIXTH_COLPER
APPRENPER,EMPLOYMENTPER,NOT_SUSTAINEDPER,UNKNOWNPER,COHORT_DIS,OVERALL_DESTPER_DIS"""
LEAVERS = LEAVERS.replace("\n", ",").split(",")
SIXTH = """RECTYPE,URN,TALLPUP_ALEV_1618,TALLPPE_ALEV_1618,TB3PTSE,PTAAB_2FAC,TALLPUP_ACAD_1618
TALLPPE_ACAD_1618,TALLPUP_AGEN,TALLPPE_AGEN"""
SIXTH = SIXTH.replace("\n", ",").split(",")


def tell(world, this_year):
    """Bring in two years of each kind, and weigh what counts in the choice of schools."""
    for year in (this_year - 3, this_year - 2):
        for file in _files(year):
            import_results(file, by=world.admin)
    actions.weigh_priorities(
        world.partnership,
        weights={"need": 6, "supply": 4, "size": 2, "distance": 1, "relationship": 1},
        version=0,
        by=world.people["manager"],
    )


def _files(year):
    random = Random(year)
    schools = [row for row in extract.schools() if not row["CloseDate"] and row["NumberOfPupils"]]
    older = [row for row in schools if row["StatutoryHighAge"] != "11"]
    yield _file(year, "census", CENSUS, [_census(row, random) for row in schools])
    yield _file(year, "ks4-pupdest", LEAVERS, [_leavers(row, random) for row in older])
    sixth = [row for row in older if row["StatutoryHighAge"] == "18"]
    yield _file(year, "ks5final", SIXTH, [_sixth(row, random) for row in sixth])


def _file(year, name, header, rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    file = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    file.name = f"{as_label(year)}_demo_{name}.csv"
    return file


def _census(row, random):
    pupils, meals = int(row["NumberOfPupils"]), float(row["PercentageFSM"])
    few = f"{random.randrange(10, 60) / 10}%"
    return [
        *(row["URN"], pupils, round(pupils * meals / 100), f"{meals * 1.2:.1f}%"),
        *(f"{random.randrange(2, 30)}%", f"{random.randrange(8, 20)}%", few),
    ]


def _leavers(row, random):
    cohort, stayed = int(row["NumberOfPupils"]) // 6, random.randrange(86, 98)
    work, trade = random.randrange(1, 4), random.randrange(1, 6)
    learn = stayed - work - trade
    sixth = random.randrange(20, 60)
    college = random.randrange(1, learn - sixth)
    lost = random.randrange(1, 100 - stayed)
    shares = [stayed, learn, college, sixth, learn - sixth - college, trade, work, lost]
    few = random.random() < 0.1
    poor = ["SUPP", "SUPP"] if few else [cohort // 4, f"{stayed - random.randrange(9)}%"]
    said = [f"{share}%" for share in (*shares, 100 - stayed - lost)]
    return [1, row["URN"], cohort, *said, *poor]


def _sixth(row, random):
    if random.random() < 0.1:
        return [1, row["URN"], 4, *["SUPP"] * 3, 4, "SUPP", "NE", "NE"]
    students, points = random.randrange(20, 140), random.randrange(2400, 3900) / 100
    applied = random.randrange(2400, 3200) / 100
    return [
        *(1, row["URN"], students, points, round(points + 0.4, 2), f"{random.randrange(20)}.5%"),
        *(students + 3, points, students // 3, applied),
    ]
