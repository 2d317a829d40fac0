"""SQL expressions that turn the text of one register column into a typed value, or NULL."""

NO_DATE = "('01-01-1900', '01-01-1920', '1900-01-01', '1920-01-01')"
NO_VALUE = "('not applicable', 'does not apply', 'not recorded')"
DAY_MONTH = (
    r"((0[1-9]|1\d|2[0-8])[-/](0[1-9]|1[0-2])|(29|30)[-/](0[13-9]|1[0-2])"
    r"|31[-/](0[13578]|1[02]))[-/][12]\d{3}"
)
MONTH_DAY = (
    r"[12]\d{3}-((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)"
    r"|(0[13578]|1[02])-31)"
)


def text(column, size):
    """Trimmed, inner runs of space as one, at most `size` long; '' where there is nothing."""
    return (
        f"coalesce(left(CASE WHEN strpos({column}, '  ') + strpos({column}, E'\\n') "
        f"+ strpos({column}, E'\\t') > 0 "
        rf"THEN btrim(regexp_replace({column}, '\s+', ' ', 'g')) "
        f"WHEN lower({column}) IN {NO_VALUE} THEN '' ELSE btrim({column}) END, {size}), '')"
    )


def integer(column, kind="integer", digits=9):
    """A whole number; 286.0 counts as one."""
    number = f"btrim({column})"
    return (
        f"CASE WHEN {number} = '' OR length({number}) > {digits + 2} THEN NULL "
        f"WHEN translate({number}, '0123456789', '') = '' AND length({number}) <= {digits} "
        f"THEN {number}::{kind} "
        rf"WHEN {number} ~ '^\d{{1,{digits}}}\.0*$' THEN split_part({number}, '.', 1)::{kind} END"
    )


def decimal(column):
    """A percentage such as 18.1, with or without its sign."""
    return (
        rf"CASE WHEN {column} ~ '^\s*\d{{1,3}}(\.\d+)?\s*%?\s*$' "
        f"THEN round(btrim({column}, ' %')::numeric, 1) END"
    )


def date(column):
    """A day written dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd; NULL where it is none."""
    day = f"btrim({column})"
    year, month = f"right({day}, 4)::int", f"substr({day}, 4, 2)::int"
    iso_year = f"left({day}, 4)::int"
    made = f"make_date({year}, {month}, left({day}, 2)::int)"
    return (
        f"CASE WHEN {column} IS NULL OR translate({column}, '/', '-') IN {NO_DATE} THEN NULL "
        f"WHEN {day} ~ '^{DAY_MONTH}$' THEN {made} "
        f"WHEN {day} ~ '^{MONTH_DAY}$' THEN {day}::date "
        rf"WHEN {day} ~ '^29[-/]02[-/][12]\d{{3}}$' THEN CASE WHEN {_leap(year)} THEN {made} END "
        rf"WHEN {day} ~ '^[12]\d{{3}}-02-29$' "
        f"THEN CASE WHEN {_leap(iso_year)} THEN {day}::date END END"
    )


def _leap(year):
    return f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"


def postcode(column, size):
    """In capitals with one space before the last three; what is no postcode stays as it was."""
    bare = f"upper(replace({column}, ' ', ''))"
    return (
        rf"CASE WHEN {bare} ~ '^[A-Z]{{1,2}}[0-9][A-Z0-9]?[0-9][A-Z]{{2}}$' "
        f"THEN left({bare}, -3) || ' ' || right({bare}, 3) "
        f"ELSE upper({text(column, size)}) END"
    )


def code(column):
    """A code without its leading zeros."""
    return (
        f"CASE WHEN btrim({column}) <> '' AND btrim({column}, ' 0') = '' THEN '0' "
        f"ELSE nullif(left(ltrim(btrim({column}), '0'), 64), '') END"
    )
