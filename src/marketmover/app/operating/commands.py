"""`marketmover backup`, `restore` and `upgrade`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.app.opening import App
    from marketmover.app.operating.manifest import Manifest

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Wait = Annotated[float, typer.Option(min=0, metavar="SECONDS", help="How long to wait for who holds the lake.")]


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, such as marketmover.tar.zst.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put secret.key into it: whoever has the file can then open credentials.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
    wait: Wait = 60.0,
    as_json: AsJson = False,
) -> None:
    """Write the whole home into one file: records, lake, files, models, routes of notices. It may be running."""
    from marketmover.app.operating.backup import take_backup

    app: App = ctx.obj
    done = take_backup(app, file, with_key=with_key, replace=replace, wait_s=wait)
    if as_json:
        console.print_json({"file": str(done.path), "bytes": done.size, **_shown(done.manifest)})
        return
    console.print_text(f"Backed up: {done.path} ({done.size / 1e6:.1f} MB)")
    _print_holds(done.manifest)
    if done.manifest.with_key:
        console.say("It holds the key that opens credentials: keep it where nobody else may read it.")
    elif done.manifest.key_ids:
        console.say(f"The key that opens credentials is not in it: keep {app.keys.place} apart, or say --with-key.")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Into a home that holds something, which is moved aside and kept.")
    ] = False,
    wait: Wait = 10.0,
    as_json: AsJson = False,
) -> None:
    """Put a backup into the home, on the databases that the settings name; it is checked whole before that."""
    from marketmover.app.operating.restore import restore_backup

    app: App = ctx.obj
    done = restore_backup(app, file, replace=replace, wait_s=wait)
    if as_json:
        told = {"home": str(app.settings.home), "set_aside": done.set_aside, "missing": done.missing}
        console.print_json(told | _shown(done.manifest))
        return
    console.print_text(f"Restored into {app.settings.home}, from {done.manifest.made_at:%Y-%m-%d %H:%M} UTC:")
    _print_holds(done.manifest)
    for place in done.set_aside:
        console.print_text(f"  what was there before: {place}")
    for thing in done.missing:
        console.warn(f"Missing: {thing}")
    console.say("Next: marketmover doctor")


def upgrade(
    ctx: typer.Context,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Take no backup before.")] = False,
    wait: Wait = 60.0,
    as_json: AsJson = False,
) -> None:
    """Bring the home's stores up to this version, after a backup into its folder backups/. Nothing is done twice."""
    from marketmover.app.operating.upgrade import upgrade_home

    done = upgrade_home(ctx.obj, backup=not no_backup, wait_s=wait)
    if as_json:
        steps = [{"store": one.store, "from": one.before, "to": one.after} for one in done.steps]
        console.print_json({"backup": str(done.backup) if done.backup else None, "steps": steps})
        return
    if not done.steps:
        console.print_text("Everything is up to date already.")
    if done.backup:
        console.print_text(f"Backed up before: {done.backup}")
    for step in done.steps:
        console.print_text(f"Upgraded: {step.store}, from {step.before} to {step.after}")


def _shown(manifest: "Manifest") -> dict[str, Any]:
    return manifest.model_dump(mode="json", exclude={"members"}) | {"files": len(list(manifest.of("files")))}


def _print_holds(manifest: "Manifest") -> None:
    from marketmover.kit import counted

    for name, part in (("records", manifest.records), ("models", manifest.tracking), ("lake", manifest.lake)):
        if part is not None:
            rows, tables = sum(part.tables.values()), len(part.tables)
            console.print_text(f"  {name}: {rows:,} rows in {counted(tables, 'table')}")
    console.print_text(
        f"  files: {len(list(manifest.of('files'))):,}, and {len(list(manifest.of('home'))):,} of the home"
    )
