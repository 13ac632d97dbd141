"""What the virus scanner says of a material: clean ones are shown, infected ones are told to their owner and stop the filing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications import letters
from applications.facts.sealing import SEALED
from applications.models import DraftMaterial
from applications.services import anonymity
from applications.services.sealing import ask_for_reading
from core import audit, files, jobs, notices, previews, virusscan
from core.models import StoredFile
from core.models.files import ScanState
from core.people import SYSTEM


def ask_for_scan(file: StoredFile, *, at: datetime) -> None:
    """Have the scanner look at a file that waits; asked again, a scan that failed is begun anew."""
    jobs.enqueue("material.scan", by=SYSTEM, facts={"file": file.pk}, key=f"file-{file.pk}", at=at)


def scan_material(file: StoredFile, *, at: datetime) -> str:
    """Ask the scanner and write down its word. Raises core.virusscan.ScannerSilent: the file goes on waiting."""
    with files.open_stored(file) as content:
        found = virusscan.look(content)
    with transaction.atomic():
        if not StoredFile.objects.filter(pk=file.pk, scan_state=ScanState.WAITING).update(scan_state=found):
            return found
        if found == ScanState.INFECTED:
            _tell_the_owner(file, at)
        else:
            previews.ask_for(file, at=at)
            for material in DraftMaterial.objects.filter(file=file, requirement__code=SEALED):
                ask_for_reading(material, at=at)
            for material in DraftMaterial.objects.filter(file=file, requirement__blind=True):
                anonymity.ask_for_reading(material, at=at)
    return found


def _tell_the_owner(file: StoredFile, at: datetime) -> None:
    for material in DraftMaterial.objects.filter(file=file).select_related("draft__project__enterprise", "requirement"):
        project = material.draft.project
        said = f"“{material.requirement.name}”的文件 {file.original_name} 中发现病毒"
        audit.record(project, "project.material_infected", actor=SYSTEM, at=at, label="材料查毒", summary=said)
        notices.send(letters.material_infected(project, said), at=at)


def scan_waiting(at: datetime) -> int:
    """Ask again for every material that still waits for the scanner. Returns how many."""
    waiting = DraftMaterial.objects.filter(file__scan_state=ScanState.WAITING).select_related("file")[:200]
    for material in waiting:
        ask_for_scan(material.file, at=at)
    return len(waiting)
