package org.ratescope.io.lease;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of this process to work on some names. A process can lose it: one that was suspended
 * for longer than the patience of others must call {@link #holds} before it writes.
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

  /** Whether no other process has taken over the name; reads the folder. */
  public boolean holds(String name) {
    Integer number = held.get(name);
    return number != null && generations.isHeld(name, number, owner);
  }

  /** Whether the work on all names is finished. */
  public boolean isDone() {
    return held.isEmpty();
  }

  /** Marks the work on a name as finished, and deletes its lease. */
  public void done(String name) throws IOException {
    Integer number = held.remove(name);
    if (number != null && generations.isHeld(name, number, owner)) {
      generations.removeUpTo(name, number);
    }
  }

  /** Releases the unfinished names; other processes may lease them at once. */
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
