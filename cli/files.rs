//! Reading and writing files: with a cap on the way in, whole or not at all on the way out.

use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::client::why;
use crate::exit::Failure;

/// No playbook is larger; what is, is no playbook.
pub(crate) const LARGEST_PLAYBOOK: u64 = 16 << 20;

/// The bytes of a playbook.
///
/// # Errors
/// Where it cannot be read, or is too large to be one.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST_PLAYBOOK + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::could_not_run(format!("could not read `{}`: {}", path.display(), why(&error))))?;
    refuse_too_large(bytes, &path.display().to_string())
}

/// The bytes of a playbook on stdin.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_stdin() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST_PLAYBOOK + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::could_not_run(format!("could not read stdin: {}", why(&error))))?;
    refuse_too_large(bytes, "stdin")
}

fn refuse_too_large(bytes: Vec<u8>, name: &str) -> anyhow::Result<Vec<u8>> {
    if bytes.len() as u64 > LARGEST_PLAYBOOK {
        let mebibytes = LARGEST_PLAYBOOK >> 20;
        return Err(Failure::findings(format!("`{name}` is larger than {mebibytes} MiB: too large for a playbook"))
            .help("is it a data file? those are named by a `source` and read by: playbook import")
            .into());
    }
    Ok(bytes)
}

/// Replaces a file's text: whoever reads it meets the old one or the new one, never a part. Its permissions stay; a link
/// stays a link.
///
/// # Errors
/// Where its folder takes no file, or the disk is full; the old text stands then.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let written = path.canonicalize().and_then(|target| put_whole(&target, text.as_bytes()));
    Ok(written.map_err(|error| not_written(path, &error).help("the file is as it was"))?)
}

/// Writes a file's text: it replaces a file that is there, makes one that is not, and writes into what is no file, such as a pipe.
///
/// # Errors
/// As [`replace`].
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if path.is_file() {
        return replace(path, text);
    }
    Ok(std::fs::write(path, text).map_err(|error| not_written(path, &error))?)
}

/// Writes a file whole or not at all, also where there was none. What is no file, such as a pipe, is written into.
///
/// # Errors
/// As [`replace`].
pub(crate) fn put(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = if path.exists() && !path.is_file() {
        std::fs::write(path, bytes)
    } else {
        put_whole(&path.canonicalize().unwrap_or_else(|_| path.to_path_buf()), bytes)
    };
    Ok(written.map_err(|error| not_written(path, &error))?)
}

/// The folder in which a path lies.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Why nothing could be written there.
pub(crate) fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::could_not_run(format!("could not write `{}`: {}", path.display(), why(error)))
}

/// Writes a file beside its place, with the permissions of the one that is there, and puts it there once it is whole.
fn put_whole(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder_of(target).join(format!(".{name}.{}.new", std::process::id()));
    let written = std::fs::File::create_new(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Ok(metadata) = std::fs::metadata(target) {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()?;
        std::fs::rename(&beside, target)
    });
    if written.is_err() {
        // It may never have been made; either way nothing of it is needed.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_keeps_permissions_and_leaves_nothing_beside() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.playbook");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.playbook"), folder.path().join("b.playbook"));
        std::fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
