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
 * The owners of leases as one process sees them. An owner is dead when its process has certainly
 * ended, or when its beats did not change while this process watched for the patience. Only this
 * process's own clock is read, and only differences of it: clocks of machines need not agree.
 */
final class Owners {
  private static final String SUFFIX = ".json";

  private final Path folder;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();

  /** Beats, and when they were first seen. */
  private record Seen(long beats, long since) {}

  Owners(Path folder, Duration patience, LongSupplier nanoTime) {
    this.folder = folder;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  /** What an owner's file says; nothing when there is none, or none that can be read. */
  Optional<Owner> read(String name) {
    try {
      return Optional.of(
          Owner.parse(new String(AtomicFile.read(file(name)), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether others may take what it holds. The first look at an owner starts the patience, unless
   * its process has ended on this machine.
   */
  synchronized boolean isDead(String name) {
    Optional<Owner> owner = read(name);
    if (owner.isPresent() && owner.get().process().isGone()) {
      return true;
    }
    long beats = owner.map(Owner::beats).orElse(-1L); // a file that is gone does not beat
    long now = nanoTime.getAsLong();
    Seen before = seen.get(name);
    if (before == null || before.beats() != beats) {
      seen.put(name, new Seen(beats, now));
      return false;
    }
    return now - before.since() >= patience.toNanos();
  }

  /** All that have a file. */
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
