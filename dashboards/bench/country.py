"""An invented file of postcodes, of national size and in the layout of the OfS's."""

from itertools import islice, product

ROWS = 2_264_892
AREAS = 33_000
HEADER = (
    "Postcode,Postcode2,POLAR4_quintile,POLAR3_quintile,Reason_removed_POLAR,"
    "TUNDRA_MSOA_quintile,Reason_removed_TUNDRA_MSOA,TUNDRA_LSOA_quintile,"
    "Reason_removed_TUNDRA_LSOA,Adult_HE_2011_quintile,Reason_removed_Adult_HE_2011,"
    "Gaps_GCSE_quintile,Gaps_GCSE_Ethnicity_quintile,Reason_removed_Gaps,Uni_Connect_target_ward,"
    "Postcode_status,MSOA_current,MSOA_name,MSOA_POLAR,MSOA_TUNDRA,MSOA_Adult_HE_2011,"
    "LSOA_current,LSOA_name,LSOA_TUNDRA,CAS_ward_current,CAS_ward_name,CAS_ward_measures,"
    "ITL2_code,ITL2_name,Country"
)
FIRST, SECOND, LAST = "ABCDEFGHIJKLMNOPRSTUWYZ", "ABCDEFGHKLMNOPQRSTUVWXY", "ABDEFGHJLNPQRSTUWXYZ"


def codes():
    """Yield invented postcodes in the form of real ones, in their order: (outward, inward)."""
    inwards = ["".join(parts) for parts in product("0123456789", LAST, LAST[:10])]
    for one, two, number in product(FIRST, SECOND, range(1, 10)):
        for inward in inwards:
            yield f"{one}{two}{number}", inward


def write(path, rows=ROWS):
    """Write the file; returns how many bytes it has."""
    with path.open("w", newline="") as file:
        file.write(HEADER + "\r\n")
        lines = (_line(place, *code) for place, code in enumerate(islice(codes(), rows)))
        while piece := "".join(islice(lines, 50_000)):
            file.write(piece)
    return path.stat().st_size


def _line(place, outward, inward):
    area = place * AREAS // ROWS
    small, large = f"E01{area:06d}", f"E02{area // 5:06d}"
    fifth, why = (str(1 + area % 5), "") if area % 14 else ("", "Suppressed")
    other = 1 + area // 5 % 5
    ended = "Terminated" if place % 3 == 0 else "Live"
    return (
        f"{outward} {inward},{outward}{inward},{other},,,{other},,{fifth},{why},{other},,{other},"
        f"{other},,,{ended},{large},Wexborough {area // 5:03d},{large},{large},{large},{small},"
        f"Wexborough {area // 5:03d}A,{small},,,,,,England\r\n"
    )


def write_measure(path):
    """Write a table with a rank for every small area; returns the path."""
    lines = [f"E01{area:06d},{1 + area * 7_919 % AREAS}\n" for area in range(AREAS)]
    path.write_text("lsoa11cd,imd_rank\n" + "".join(lines))
    return path
