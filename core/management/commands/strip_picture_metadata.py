"""Removes the metadata of stored pictures, for instance after IMAGES_KEEP_METADATA was switched off."""

from argparse import ArgumentParser
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, models
from django.db.models.fields.files import FieldFile
from wagtail.users.models import UserProfile

from core.models import CoalitionImage, CoalitionRendition
from core.page_cache.triggers import CHANNEL
from core.pictures.metadata import UnreadablePictureError, carries_metadata, without_metadata


class Command(BaseCommand):
    """Files get new names, because browsers cache the old ones. The old files are deleted."""

    help = "Remove places, devices, names and comments from stored pictures. May be run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count, and change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        self.dry_run = dry_run
        self.cleaned = self.unreadable = 0
        if settings.IMAGES_KEEP_METADATA:
            self.stdout.write("IMAGES_KEEP_METADATA is set: originals stay as they are.")
        else:
            for image in CoalitionImage.objects.order_by("pk"):
                self._clean(image.file, image)
            for profile in UserProfile.objects.exclude(avatar="").exclude(avatar=None):
                self._clean(profile.avatar, profile)
        for rendition in CoalitionRendition.objects.select_related("image").order_by("pk"):
            self._clean(rendition.file, rendition)
        if self.cleaned and not dry_run:
            with connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")  # Cached pages refer to the old files.
        summary = f"{self.cleaned} pictures with metadata, {self.unreadable} that cannot be read."
        self.stdout.write(f"{summary} Nothing was written (dry run)." if dry_run else summary)

    def _clean(self, file: FieldFile, owner: models.Model) -> None:
        try:
            with file.open() as content:
                if not carries_metadata(content):
                    return
                clean = without_metadata(content, name=PurePath(str(file.name)).name)
        except (OSError, UnreadablePictureError):
            self.unreadable += 1
            self.stderr.write(f"{file.name} cannot be read.")
            return
        self.cleaned += 1
        if self.dry_run:
            return
        before, storage = str(file.name), file.storage
        if isinstance(owner, CoalitionRendition):
            owner.purge_from_cache()
        setattr(owner, file.field.name, clean)
        if isinstance(owner, CoalitionImage):
            owner._set_image_file_metadata()
        owner.save()
        storage.delete(before)
