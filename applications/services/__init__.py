"""The deeds of the filing room, by name: `from applications import services; services.submit(…)`."""

from applications.services.autosave import autosave, drop_old_typed, forget_typed, keep_for_ticket, keep_typed
from applications.services.calls import (
    CallConflict,
    attach,
    detach,
    duplicate_call,
    open_call,
    require_unpublished,
    save_call,
)
from applications.services.chain_leaders import ChainLeaderRefused, certify_chain_leader, end_chain_leader
from applications.services.checks import WaiverRefused, run_checks, run_checks_of, waive_check
from applications.services.determinations import determine_again, store_determination
from applications.services.drafts import (
    Conflict,
    DraftRefused,
    answer_defects,
    require_open,
    save_basics,
    save_indicators,
    save_lines,
    save_section,
    start_project,
)
from applications.services.enterprises import (
    AccountRefused,
    account_in_use,
    confirm_account,
    enter_account,
    may_confirm,
    may_recheck,
    recheck_account,
    save_profile,
    settled_already,
)
from applications.services.exits import close_calls, lapse_overdue, overdue_filings, withdraw
from applications.services.groups import GroupRefused, confirm_membership, invite, open_group, refuse_membership
from applications.services.holds import lift_hold, lift_holds, open_holds, place_hold
from applications.services.line_import import import_lines
from applications.services.line_rows import Saved as SavedRows
from applications.services.line_rows import forget_rows, save_line_rows
from applications.services.materials import add_material, attach_material, bytes_used, remove_material
from applications.services.members import (
    DAYS_OPEN,
    MemberRefused,
    accept_invitation,
    cancel_invitation,
    deactivate_member,
    invitation_behind,
    invite_member,
    may_invite,
)
from applications.services.papers import ask_for_export, ask_for_paper
from applications.services.publishing import (
    ExtensionRefused,
    ScheduleRefused,
    extend_call,
    publish_call,
    publish_due_calls,
    schedule_call,
    unschedule_call,
)
from applications.services.registrations import (
    DAYS_TO_VERIFY,
    RegistrationRefused,
    decide_registration,
    register,
)
from applications.services.scanning import scan_waiting
from applications.services.sealing import print_sheet, tell_seal
from applications.services.submissions import (
    Incomplete,
    declaration_of,
    file_application,
    recall,
    resubmit,
    submit,
)
from applications.services.uploads import (
    OutOfStep,
    cancel_upload,
    drop_expired_uploads,
    finish_upload,
    open_upload,
    put_part,
)
