package org.ratescope.io.lease;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of this process to work on some names. It can be lost: a process that was stopped for
 * longer than others are patient asks {@link #holds} before it writes.
 */
public final class Lease implements AutoCloseable {
  private final LeaseFiles generations;
  private final String owner;
  private final Map<String, Integer> held;

  Lease(LeaseFiles generations, String owner, Map<String, Integer> held) {
    this.generations = generations;
    this.owner = owner;
    this.held = new ConcurrentHashMap<>(held);
  }

  /** Whether nobody has taken the name over; looks at the folder. */
  public boolean holds(String name) {
    Integer number = held.get(name);
    return number != null && generations.isHeld(name, number, owner);
  }

  /** Whether the work on all names is done. */
  public boolean isDone() {
    return held.isEmpty();
  }

  /** The work on a name is done, for good: nothing of its lease stays. */
  public void done(String name) throws IOException {
    Integer number = held.remove(name);
    if (number != null && generations.isHeld(name, number, owner)) {
      generations.removeUpTo(name, number);
    }
  }

  /** Gives back what is not done; others may take it at once. */
  @Override
  public void close() throws IOException {
    for (Map.Entry<String, Integer> entry : held.entrySet()) {
      if (generations.isHeld(entry.getKey(), entry.getValue(), owner)) {
        generations.remove(entry.getKey(), entry.getValue());
      }
    }
    held.clear();
  }
}
