package org.ratescope.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.ratescope.progress.Progress;
import org.ratescope.progress.ProgressEvent;

/** Collects notes, and does something once: at the first event of a kind. */
final class DisturbingProgress implements Progress {
  private final Class<? extends ProgressEvent> kind;
  private final List<String> notes;
  private final Deed deed;
  private boolean done;

  /** What disturbs a sweep. */
  interface Deed {
    void run() throws IOException;
  }

  DisturbingProgress(Class<? extends ProgressEvent> kind, List<String> notes, Deed deed) {
    this.kind = kind;
    this.notes = notes;
    this.deed = deed;
  }

  @Override
  public synchronized void accept(ProgressEvent event) {
    if (event instanceof ProgressEvent.Note note) {
      notes.add(note.message());
    }
    if (kind.isInstance(event) && !done) {
      done = true;
      try {
        deed.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
