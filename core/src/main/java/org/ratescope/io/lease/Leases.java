package org.ratescope.io.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.ProcessIdentity;

/**
 * A folder through which processes agree on which of them works on what. Each process rewrites its
 * own file at every heartbeat; leases name their owner. Nothing needs cleaning up after a crash:
 * other processes take over the leases of a dead process, at once on the same machine, otherwise
 * after some time without a heartbeat. See docs/sweeps.md.
 */
public final class Leases implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final LeaseFiles generations;
  private final Owners owners;
  private final String name;
  private final ScheduledExecutorService heart;
  private long beats;

  private Leases(Path folder, HeartbeatConfig pace, LongSupplier nanoTime) {
    generations = new LeaseFiles(folder);
    owners = new Owners(folder.resolve("owners"), pace.patience(), nanoTime);
    name = ProcessIdentity.token() + "-" + COUNT.getAndIncrement();
    heart =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());
  }

  /**
   * Joins the processes that work in a folder, which is created if it is missing.
   *
   * @throws IOException if the folder is not writable
   */
  public static Leases open(Path folder, HeartbeatConfig pace) throws IOException {
    return open(folder, pace, System::nanoTime);
  }

  static Leases open(Path folder, HeartbeatConfig pace, LongSupplier nanoTime) throws IOException {
    Files.createDirectories(folder.resolve("owners"));
    Leases leases = new Leases(folder, pace, nanoTime);
    leases.beat();
    long millis = pace.beat().toMillis();
    var unused =
        leases.heart.scheduleAtFixedRate(
            leases::beatIfPossible, millis, millis, TimeUnit.MILLISECONDS);
    return leases;
  }

  private synchronized void beat() throws IOException {
    if (heart.isShutdown()) {
      return;
    }
    beats++;
    AtomicFile.replace(owners.file(name), Owner.current(beats).json());
  }

  /** A missed heartbeat is tolerated; after several, another process takes over the lease. */
  private void beatIfPossible() {
    try {
      beat();
    } catch (IOException e) {
      // the disk may be full or unavailable for a moment; each write checks its lease anyway
    }
  }

  /**
   * {@link #clear} and {@link #sweep} for a process that has no work and therefore does not join.
   * Files that it may not delete stay, for example in a read-only folder.
   */
  public static void clearUp(
      Path folder, HeartbeatConfig pace, Predicate<String> done, List<Path> folders) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Leases visitor = visitor(folder, pace);
    try {
      visitor.clear(done);
      visitor.sweep(folders);
    } catch (IOException e) {
      // only disk space is lost
    }
  }

  private static Leases visitor(Path folder, HeartbeatConfig pace) {
    Leases visitor = new Leases(folder, pace, System::nanoTime);
    visitor.heart.shutdownNow();
    return visitor;
  }

  /** Whether a process that may be alive holds one of these names; does not join. */
  public static boolean areHeld(Path folder, HeartbeatConfig pace, Collection<String> names)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    Leases visitor = visitor(folder, pace);
    Map<String, Integer> highest = visitor.generations.highest();
    for (String name : names) {
      Integer number = highest.get(name);
      if (number != null && !visitor.isFree(visitor.generations.owner(name, number))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Leases all of these names, or none.
   *
   * @return empty if a living process, or another thread of this one, holds one of them
   * @throws IOException if a lease cannot be written; the call then holds none
   */
  public synchronized Optional<Lease> take(Collection<String> names) throws IOException {
    Map<String, Integer> highest = generations.highest();
    Map<String, Integer> made = new HashMap<>();
    try {
      for (String wanted :
          new TreeSet<>(names)) { // all processes use the same order, so one of them gets all names
        int next = highest.getOrDefault(wanted, -1) + 1;
        boolean free = next == 0 || isFree(generations.owner(wanted, next - 1));
        if (!(free && generations.make(wanted, next, name))) {
          new Lease(generations, name, made).close();
          return Optional.empty();
        }
        made.put(wanted, next);
      }
    } catch (IOException e) {
      try (Lease unused = new Lease(generations, name, made)) {
        throw e;
      }
    }
    return Optional.of(new Lease(generations, name, made));
  }

  private boolean isFree(String owner) {
    return !owner.equals(name) && owners.isDead(owner);
  }

  /** The owners of some of these names, for readers: for example "process 4711 on node3". */
  public List<String> holders(Collection<String> names) throws IOException {
    Map<String, Integer> highest = generations.highest();
    Set<String> holders = new TreeSet<>();
    for (String wanted : names) {
      Integer number = highest.get(wanted);
      if (number != null) {
        String owner = generations.owner(wanted, number);
        holders.add(owners.read(owner).map(Owner::text).orElse("an unknown process"));
      }
    }
    return List.copyOf(holders);
  }

  /**
   * Deletes leases of dead processes on finished names: the processes died after their work and
   * before they deleted their leases, and nobody would lease these names again.
   */
  public synchronized void clear(Predicate<String> done) throws IOException {
    for (Map.Entry<String, Integer> lease : generations.highest().entrySet()) {
      String owner = generations.owner(lease.getKey(), lease.getValue());
      if (done.test(lease.getKey()) && isFree(owner)) {
        generations.removeUpTo(lease.getKey(), lease.getValue());
      }
    }
  }

  /**
   * Deletes unfinished files of ended processes in some folders, and owner files of dead processes
   * that hold no lease; a suspended process that resumes writes its file again. Files that are not
   * owner files stay.
   */
  public synchronized void sweep(List<Path> folders) throws IOException {
    Set<String> holding = new HashSet<>();
    for (Map.Entry<String, Integer> lease : generations.highest().entrySet()) {
      int lowest = generations.lowest(lease.getKey(), lease.getValue());
      for (int i = lowest; i <= lease.getValue(); i++) {
        holding.add(generations.owner(lease.getKey(), i));
      }
    }
    for (String other : owners.names()) {
      if (!other.equals(name) && owners.isDead(other)) {
        sweepAfter(other, folders);
        if (!holding.contains(other) && owners.read(other).isPresent()) {
          Files.deleteIfExists(owners.file(other));
        }
      }
    }
  }

  /**
   * Deletes unfinished files of a process that has certainly ended. A process without heartbeats
   * may resume, and its files belong to it until then.
   */
  private void sweepAfter(String other, List<Path> folders) throws IOException {
    Optional<Owner> owner = owners.read(other).filter(o -> o.process().isGone());
    if (owner.isEmpty() || owner.get().token().equals(ProcessIdentity.token())) {
      return;
    }
    String end = "." + owner.get().token() + AtomicFile.PART;
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (var parts =
            Files.newDirectoryStream(folder, file -> file.getFileName().toString().endsWith(end))) {
          for (Path part : parts) {
            Files.deleteIfExists(part);
          }
        }
      }
    }
  }

  /** Stops the heartbeat and deletes the owner file. */
  @Override
  public void close() throws IOException {
    heart.shutdownNow();
    synchronized (this) {
      Files.deleteIfExists(owners.file(name));
    }
  }
}
