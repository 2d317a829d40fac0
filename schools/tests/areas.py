"""Small files of postcodes and areas in the layouts of the OfS and the ONS; invented places."""

import io

from django.utils import timezone

from schools.areas.layouts import FIFTHS
from schools.models import AreaEdition, AreaMeasure, AreaValue, Postcode, PostcodeLoad, SchoolArea

OFS_COLUMNS = (
    "Postcode,Postcode2,POLAR4_quintile,POLAR3_quintile,Reason_removed_POLAR,"
    "TUNDRA_MSOA_quintile,Reason_removed_TUNDRA_MSOA,TUNDRA_LSOA_quintile,"
    "Reason_removed_TUNDRA_LSOA,Adult_HE_2011_quintile,Reason_removed_Adult_HE_2011,"
    "Gaps_GCSE_quintile,Gaps_GCSE_Ethnicity_quintile,Reason_removed_Gaps,"
    "Uni_Connect_target_ward,Postcode_status,MSOA_current,MSOA_name,MSOA_POLAR,"
    "MSOA_TUNDRA,MSOA_Adult_HE_2011,LSOA_current,LSOA_name,LSOA_TUNDRA,CAS_ward_current,"
    "CAS_ward_name,CAS_ward_measures,ITL2_code,ITL2_name,Country"
)
OFS_HEADER = OFS_COLUMNS.split(",")
ONSPD_COLUMNS = (
    "pcd7,pcd8,pcds,dointr,doterm,cty26cd,lad26cd,lad26nm,usrtypind,east1m,north1m,"
    "gridind,ctry26cd,oa11cd,lsoa11cd,msoa11cd,lat,long,imd20ind,lsoa21cd,msoa21cd"
)
ONSPD_HEADER = ONSPD_COLUMNS.split(",")
OLD_NSPL_COLUMNS = (
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,cty,ced,laua,"
    "ward,ctry,rgn,lsoa11,msoa11,ru11ind,lat,long,imd"
)
OLD_NSPL_HEADER = OLD_NSPL_COLUMNS.split(",")


def ofs_row(postcode, **fields):
    """A postcode of the OfS's file."""
    plain = {
        "Postcode": postcode,
        "Postcode2": postcode.replace(" ", ""),
        "TUNDRA_LSOA_quintile": "1",
        "TUNDRA_MSOA_quintile": "2",
        "Postcode_status": "Live",
        "MSOA_TUNDRA": "E02000001",
        "LSOA_name": "Wexborough, Upper 001A",
        "LSOA_TUNDRA": "E01000001",
        "Country": "England",
    }
    return {**plain, **fields}


def ons_row(postcode, **fields):
    """A postcode of the ONS's directory, in the names of its newest and older headers."""
    bare = postcode.replace(" ", "")
    plain = {
        "pcd7": bare,
        "pcd8": bare,
        "pcds": postcode,
        "pcd": bare,
        "pcd2": bare,
        "lad26cd": "E06000001",
        "laua": "E06000001",
        "lad26nm": "Wexshire",
        "east1m": "533498",
        "north1m": "181201",
        "oseast1m": "533498",
        "osnrth1m": "181201",
        "gridind": "1",
        "osgrdind": "1",
        "ctry26cd": "E92000001",
        "ctry": "E92000001",
        "lsoa11cd": "E01000001",
        "lsoa11": "E01000001",
        "lsoa21cd": "E01000002",
        "msoa11cd": "E02000001",
        "msoa11": "E02000001",
        "lat": "51.5",
        "long": "0.1",
    }
    return {**plain, **fields}


def text_of(header, *rows, end="\r\n"):
    """The text of a file; cells with a comma stand in quotation marks."""
    lines = [",".join(header)]
    lines += [",".join(_cell(str(row.get(name, ""))) for name in header) for row in rows]
    return end.join(lines) + end


def _cell(text):
    return f'"{text}"' if "," in text else text


def ofs_file(folder, *rows, name="postcodes_2025-11.csv"):
    """Write an OfS postcode file; returns its path."""
    return _write(folder / name, text_of(OFS_HEADER, *rows))


def ons_file(folder, *rows, name="ONSPD_NOV_2025_UK.csv", header=ONSPD_HEADER):
    """Write a directory of the ONS; returns its path."""
    return _write(folder / name, text_of(header, *rows))


def _write(path, text):
    path.write_bytes(text.encode())
    return path


def load_postcode(code="KT12AB", **fields):
    """A postcode in the table, as if a file had brought it."""
    plain = {"terminated": 0, "country": 1, "sources": Postcode.OFS, "lsoa11": "E01000001"}
    now = timezone.now()
    load, _ = PostcodeLoad.objects.get_or_create(
        layout="ofs",
        defaults={
            "edition": "2025-11",
            "file_name": "postcodes.csv",
            "file_hash": "0" * 64,
            "rows": 1,
            "terminated": 0,
            "started_at": now,
            "finished_at": now,
        },
    )
    unknown = fields.keys() - FIFTHS.keys() - {one.name for one in Postcode._meta.fields}
    if unknown:
        raise TypeError(f"A postcode has no {', '.join(unknown)}.")
    Postcode.objects.create(code=code, **(plain | fields))
    return load


def measure_area(school, code="imd", **fields):
    """A school's site in the first fifth of an edition, as if the measure had been loaded."""
    plain = {"area": "E01000001", "by_postcode": True, "rank": 1, "decile": 1, "quintile": 1}
    edition, _ = AreaEdition.objects.get_or_create(
        measure=AreaMeasure.objects.get(code=code),
        edition="2025",
        geography="lsoa21",
        defaults={"file_name": "areas.csv", "rows": 1, "loaded_at": timezone.now()},
    )
    AreaValue.objects.get_or_create(
        edition=edition,
        area="E01000001",
        defaults={"rank": 1, "decile": 1, "quintile": 1, "value": 61.5},
    )
    return SchoolArea.objects.create(school=school, edition=edition, **(plain | fields))


def upload(text, name="list.csv"):
    """A file in memory with a name."""
    file = io.BytesIO(text.encode())
    file.name = name
    return file
