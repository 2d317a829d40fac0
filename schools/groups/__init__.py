"""Trusts, federations and other groups: read from the DfE's files, with the schools in each."""

from schools.groups.importing import GroupsResult, follow_register, import_groups
from schools.groups.members import Member, members_of

__all__ = ["GroupsResult", "Member", "follow_register", "import_groups", "members_of"]
