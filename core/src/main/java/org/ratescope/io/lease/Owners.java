package org.ratescope.io.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ratescope.io.AtomicFile;

/**
 * The owners of leases as seen by one process. An owner is dead if its process has certainly ended,
 * or if its heartbeat counter did not change during the patience while this process watched. Only
 * differences of this process's own clock are used, so the clocks of machines need not agree.
 */
final class Owners {
  private static final String SUFFIX = ".json";

  private final Path folder;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();

  /** The heartbeat counter, and when this process first saw it. */
  private record Seen(long beats, long since) {}

  Owners(Path folder, Duration patience, LongSupplier nanoTime) {
    this.folder = folder;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  /** The content of an owner file; empty if the file does not exist or is unreadable. */
  Optional<Owner> read(String name) {
    try {
      return Optional.of(
          Owner.parse(new String(AtomicFile.read(file(name)), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether other processes may take over its leases. The first look at an owner starts the
   * patience, unless its process has ended on this machine.
   */
  synchronized boolean isDead(String name) {
    Optional<Owner> owner = read(name);
    if (owner.isPresent() && owner.get().process().isGone()) {
      return true;
    }
    long beats = owner.map(Owner::beats).orElse(-1L); // a deleted file counts as no heartbeat
    long now = nanoTime.getAsLong();
    Seen before = seen.get(name);
    if (before == null || before.beats() != beats) {
      seen.put(name, new Seen(beats, now));
      return false;
    }
    return now - before.since() >= patience.toNanos();
  }

  /** All owners that have a file. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return names;
  }
}
