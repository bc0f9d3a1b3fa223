package org.ratescope.io;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A native library that cannot be unpacked or loaded. Its message is one line for users. */
public final class NativeLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A library that could not be loaded from that folder of {@link NativeFolder}. */
  public static NativeLibraryException of(String library, Path folder, Throwable failure) {
    return of(library, folder, failure, NativeFolder.WAY_OUT);
  }

  /** A library that could not be loaded from that folder, with advice for users. */
  public static NativeLibraryException of(
      String library, Path folder, Throwable failure, String wayOut) {
    return new NativeLibraryException(
        "%s cannot be loaded from %s: %s. %s".formatted(library, folder, cause(failure), wayOut),
        failure);
  }

  /** The failure of an earlier attempt in this process. */
  public static NativeLibraryException again(@Nullable String message) {
    return new NativeLibraryException(String.valueOf(message), null);
  }

  /** A failure whose message names the library, the cause, and what the user can do. */
  public NativeLibraryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The original message of the system, without the text that other exceptions add to it. */
  private static String cause(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String text = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
    return text.isEmpty() ? first.getClass().getSimpleName() : text.replaceFirst("\\.$", "");
  }
}
