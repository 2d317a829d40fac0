"""Every address of our own rooms: who may open it, by which method, with what."""

from config.tests.world import Page

STAFF = "officer hub_officer manager evaluator viewer"
WORKING = "officer hub_officer manager"
EVIDENCING = "manager"
EXPORTING = "officer hub_officer manager evaluator"
EVERYBODY = f"{STAFF} school_lead outsider site_admin"


def pages(w):
    """Each URL name with who may open it; a list answers a stranger with their own rows."""
    tables = [
        _dashboards,
        _finding,
        _choice,
        _core,
        _accounts,
        _schools,
        _partnerships,
        _partnership_schools,
        _needs,
        _activities,
        _evaluation,
    ]
    return {name: page for table in tables for name, page in table(w).items()}


def _dashboards(w):
    return {
        "dashboards:home": Page(EVERYBODY, {}, is_list=True),
        "dashboards:school": Page(EVERYBODY, {"pk": w.link.school_id}),
        "dashboards:trusts": Page(EVERYBODY, {}, is_list=True),
        "dashboards:trust": Page(EVERYBODY, {"uid": w.trust.uid}, is_list=True),
        "dashboards:export_trust": Page(
            EVERYBODY, {"uid": w.trust.uid}, method="post", is_list=True, data={"format": "csv"}
        ),
        "dashboards:run": Page(EVERYBODY, {"pk": w.run.pk}),
        "dashboards:register_changes": Page(STAFF, {"pk": w.partnership.pk}),
        "dashboards:register_changes_download": Page(STAFF, {"pk": w.partnership.pk}),
        "dashboards:needs": Page(f"{STAFF} school_lead", {}, is_list=True),
        "dashboards:hub_board": Page(STAFF, {"pk": w.hub.pk}),
        "dashboards:hub_board_download": Page(STAFF, {"pk": w.hub.pk}, query="?format=csv"),
        "dashboards:partnership_board": Page(STAFF, {"pk": w.partnership.pk}),
        "dashboards:help": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "dashboards:accessibility": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "dashboards:privacy": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "dashboards:complaints": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
    }


def _finding(w):
    return {
        "dashboards:schools": Page(EVERYBODY, {}, is_list=True),
        "dashboards:export_schools": Page(
            EVERYBODY, {}, method="post", is_list=True, data={"format": "csv"}
        ),
        "dashboards:search": Page(EVERYBODY, {}, is_list=True, query="?q=canary"),
        "dashboards:suggest": Page(EVERYBODY, {}, is_list=True, query="?q=canary"),
        "dashboards:map": Page(EVERYBODY, {}, is_list=True),
        "dashboards:map_places": Page(EVERYBODY, {}, is_list=True),
        "dashboards:map_matches": Page(EVERYBODY, {}, is_list=True),
        "dashboards:map_picture": Page(EVERYBODY, {}, is_list=True),
        "dashboards:map_card": Page(EVERYBODY, {"pk": w.link.school_id}),
        "dashboards:school_record": Page(EVERYBODY, {"pk": w.link.school_id}),
        "dashboards:record_download": Page(EVERYBODY, {"pk": w.link.school_id}),
        "dashboards:run_download": Page(EVERYBODY, {"pk": w.applied.pk}, is_list=True),
    }


def _choice(w):
    return {
        "dashboards:choice": Page(STAFF, {"pk": w.partnership.pk}),
        "dashboards:weigh_priorities": Page(
            "manager",
            {"pk": w.partnership.pk},
            method="post",
            status=302,
            data={
                "need": 9,
                "supply": 1,
                "size": 1,
                "distance": 1,
                "relationship": 1,
                "version": w.weights.version,
            },
        ),
        "dashboards:choice_download": Page(STAFF, {"pk": w.partnership.pk}, query="?format=csv"),
    }


def _core(w):
    return {
        "core:jobs": Page(EVERYBODY, {}, is_list=True),
        "core:job": Page("manager", {"pk": w.job.pk}, is_own=True),
        "core:job_cancel": Page(
            "manager", {"pk": w.job.pk}, method="post", status=302, is_own=True
        ),
        "core:job_file": Page("manager", {"pk": w.job.pk}, is_own=True),
        "core:health": Page("site_admin", {}, is_list=True),
        "core:healthz": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "core:readyz": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "core:dev_mail": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "core:dev_mail_message": Page("", {"key": "none"}, is_own=True, open_door=True),
    }


def _accounts(w):
    return {
        "accounts:theme": Page(EVERYBODY, {}, method="post", is_list=True, status=302),
        "accounts:profile": Page(EVERYBODY, {}, is_list=True),
        "accounts:ask_again": Page(EVERYBODY, {}, method="post", is_list=True, status=302),
    }


def _schools(w):
    return {
        "schools:typeahead": Page(EVERYBODY, {}, is_list=True, query="?q=salt"),
        "schools:register": Page(EVERYBODY, {}, is_list=True),
        "schools:upload_register": Page("site_admin", {}, is_list=True),
        "schools:profile_postcodes": Page(EVERYBODY, {}, is_list=True),
        "schools:apply_run": Page(
            "site_admin", {"pk": w.run.pk}, method="post", status=302, is_list=True
        ),
        "schools:drop_run": Page(
            "site_admin", {"pk": w.run.pk}, method="post", status=302, is_list=True
        ),
        "schools:undo_run": Page("site_admin", {"pk": w.run.pk}, is_list=True),
    }


def _partnerships(w):
    return {
        "partnerships:list": Page(EVERYBODY, {}, is_list=True),
        "partnerships:detail": Page(STAFF, {"pk": w.partnership.pk}),
        "partnerships:set_recent_contact": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:add_hub": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:rename_hub": Page("manager", {"pk": w.hub.pk}),
        "partnerships:add_provider": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:people": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:add_person": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:change_person": Page("manager", {"pk": w.spare.pk}),
        "partnerships:end_person": Page("manager", {"pk": w.spare.pk}),
        "partnerships:tokens": Page(STAFF, {"pk": w.partnership.pk}),
        "partnerships:issue_token": Page(STAFF, {"pk": w.partnership.pk}),
        "partnerships:revoke_token": Page("manager", {"pk": w.token.pk}, is_own=True),
    }


def _partnership_schools(w):
    return {
        "partnerships:my_schools": Page(EVERYBODY, {}, is_list=True),
        "partnerships:schools": Page(STAFF, {"pk": w.partnership.pk}),
        "partnerships:find_school": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:link_school": Page(
            "manager", {"pk": w.partnership.pk, "school_pk": w.unlinked.pk}
        ),
        "partnerships:link": Page(STAFF, {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:change_status": Page("manager", {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:correct_year_groups": Page("manager", {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:end_school": Page("manager", {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:continuations": Page("manager", {"pk": w.partnership.pk}),
        "partnerships:decide_continuation": Page("manager", {"pk": w.closed.pk}),
        "partnerships:undo_continuation": Page("manager", {"pk": w.closed.pk}),
        "partnerships:admit_lead": Page("manager", {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:end_lead": Page("manager", {"pk": w.access.pk}),
        "partnerships:record_conversation": Page(WORKING, {"pk": w.link.pk}, seen_by_lead=True),
        "partnerships:conversation": Page(STAFF, {"pk": w.conversation.pk}, seen_by_lead=True),
    }


def _needs(w):
    return {
        "needs:list": Page(STAFF, {}, is_list=True),
        "needs:detail": Page(f"{STAFF} school_lead", {"pk": w.need.pk}),
        "needs:close": Page(WORKING, {"pk": w.need.pk}, method="post", seen_by_lead=True),
        "needs:rate": Page(f"{WORKING} school_lead", {"pk": w.link.pk}),
        "needs:agree": Page(
            WORKING, {"pk": w.assessment.pk}, method="post", status=302, seen_by_lead=True
        ),
        "needs:recompute": Page(
            f"{WORKING} evaluator",
            {"pk": w.partnership.pk},
            method="post",
            status=302,
            data={"year": w.year},
        ),
    }


def _activities(w):
    return {
        "activities:list": Page(STAFF, {}, is_list=True),
        "activities:export": Page(
            "officer hub_officer manager evaluator",
            {},
            method="post",
            is_list=True,
            data={"format": "csv"},
        ),
        "activities:offers": Page(STAFF, {}, is_list=True),
        "activities:add_offer": Page(WORKING, {}, is_list=True),
        "activities:retire_offer": Page(WORKING, {"pk": w.offer.pk}, method="post"),
        "activities:log": Page(WORKING, {}, is_list=True),
        "activities:log_about": Page(
            WORKING, {}, method="post", is_list=True, data={"school": w.link.pk}
        ),
        "activities:detail": Page(STAFF, {"pk": w.activity.pk}),
        "activities:edit": Page(WORKING, {"pk": w.activity.pk}),
        "activities:cancel": Page(WORKING, {"pk": w.activity.pk}),
        "activities:link_needs": Page(WORKING, {"pk": w.lone.pk}),
    }


def _evaluation(w):
    return {
        "evaluation:plans": Page(STAFF, {}, is_list=True),
        "evaluation:add_plan": Page(EVIDENCING, {}, is_list=True),
        "evaluation:plan": Page(STAFF, {"pk": w.plan.pk}),
        "evaluation:rows": Page(STAFF, {"pk": w.plan.pk}, query=f"?year={w.year}&of=hours"),
        "evaluation:add_strategy": Page(EVIDENCING, {"pk": w.plan.pk}),
        "evaluation:shares": Page(EVIDENCING, {"pk": w.plan.pk}),
        "evaluation:make_pack": Page(EVIDENCING, {}, is_list=True),
        "evaluation:pack": Page(STAFF, {"pk": w.pack.pk}),
        "evaluation:pack_file": Page(STAFF, {"pk": w.pack.pk}),
    }
