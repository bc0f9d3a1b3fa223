package org.ratescope.io;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * The folder into which native libraries are unpacked. Ratescope loads code from it, so nobody
 * except the user of this process may write there: it is created with the mode 0700, and refused if
 * it belongs to somebody else. There is no fallback to another folder.
 */
public final class NativeFolder {
  /** System property with the folder; the default is {@code ~/.cache/ratescope/native}. */
  public static final String PROPERTY = "ratescope.native";

  static final String WAY_OUT =
      "Set RATESCOPE_CACHE to a folder that you own, with enough space, that is not mounted noexec";

  private static final String POSIX = "posix";
  private static final int WRITABLE_BY_GROUP_OR_OTHERS = 022;
  private static final int WRITABLE_BY_OTHERS = 02;
  private static final int STICKY = 01000;

  private NativeFolder() {}

  /**
   * The sub-folder of that name, created if it is missing.
   *
   * @throws NativeLibraryException if it cannot be created or written, or if others may write there
   */
  public static Path of(String name) {
    Path folder = root().resolve(name);
    try {
      Files.createDirectories(folder, ownerOnly(folder));
      return checked(folder.toRealPath());
    } catch (IOException e) {
      throw new NativeLibraryException(
          "the folder for native libraries %s cannot be created: %s. %s"
              .formatted(folder, reason(e), WAY_OUT),
          e);
    }
  }

  private static Path checked(Path real) throws IOException {
    if (Files.getFileStore(real).supportsFileAttributeView(POSIX)) {
      requireOwn(Objects.requireNonNull(real.getParent()));
      requireOwn(real);
      for (Path above = real; above != null; above = above.getParent()) {
        requireSteady(above);
      }
    }
    if (!Files.isWritable(real) || !Files.isExecutable(real)) {
      throw refused("the folder for native libraries %s is not writable".formatted(real));
    }
    return real;
  }

  private static Path root() {
    String own = System.getProperty(PROPERTY, "");
    Path root =
        own.isEmpty()
            ? Path.of(System.getProperty("user.home", ""), ".cache", "ratescope", "native")
            : Path.of(own);
    return root.toAbsolutePath();
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains(POSIX)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Refuses a folder that belongs to somebody else, or that others may write to. */
  private static void requireOwn(Path folder) throws IOException {
    long me = new UnixSystem().getUid();
    long owner = ((Number) Files.getAttribute(folder, "unix:uid")).longValue();
    if (owner != me) {
      throw refused(
          "the folder for native libraries %s belongs to user %s, and this process runs as user %s"
              .formatted(folder, owner, me));
    }
    if ((mode(folder) & WRITABLE_BY_GROUP_OR_OTHERS) != 0) {
      throw refused(
          "users other than its owner may write to the folder for native libraries %s: delete it"
              .formatted(folder));
    }
  }

  /** Refuses a parent folder in which others could replace our folder by another. */
  private static void requireSteady(Path above) throws IOException {
    int mode = mode(above);
    if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
      throw refused(
          "every user may write to %s, which contains the folder for native libraries"
              .formatted(above));
    }
  }

  private static NativeLibraryException refused(String why) {
    return new NativeLibraryException("%s. %s".formatted(why, WAY_OUT), null);
  }

  private static int mode(Path folder) throws IOException {
    return ((Number) Files.getAttribute(folder, "unix:mode")).intValue();
  }

  private static String reason(IOException e) {
    String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return said != null
        ? said
        : switch (e) {
          case AccessDeniedException denied -> "access denied to " + denied.getFile();
          case FileAlreadyExistsException there -> there.getFile() + " is a file";
          default -> e.getClass().getSimpleName();
        };
  }
}
