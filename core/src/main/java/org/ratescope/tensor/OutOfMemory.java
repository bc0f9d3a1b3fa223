package org.ratescope.tensor;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.ratescope.spec.RunId;

/** A cohort did not fit into memory. */
public final class OutOfMemory extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Set<RunId> left;

  /**
   * @param left requested runs that have no record yet
   */
  public OutOfMemory(Throwable cause, Set<RunId> left) {
    super(cause);
    this.left = Set.copyOf(left);
  }

  public Set<RunId> left() {
    return left;
  }

  /**
   * Whether an error means that Java's heap, its native memory, or libtorch's memory is exhausted.
   */
  public static boolean isBehind(Throwable e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof OutOfMemoryError
        // try-with-resources, if it throws Java's single preallocated error twice
        || e.getCause() instanceof OutOfMemoryError
        || Stream.of("can't allocate memory", "not enough memory", "out of memory", "bad_alloc")
            .anyMatch(message::contains);
  }
}
