package org.ratescope.progress;

import java.util.List;

/**
 * A listener to a sweep. Worker threads call it, one at a time. An exception ends the sweep; runs
 * that are recorded stay so, and the others resume from their checkpoints.
 */
@FunctionalInterface
public interface Progress {

  /** A listener that ignores every event. */
  Progress SILENT = event -> {};

  void accept(ProgressEvent event);

  /** A listener that passes each event on to all of these, in order. */
  static Progress toAll(List<? extends Progress> listeners) {
    List<Progress> all = List.copyOf(listeners);
    return event -> all.forEach(listener -> listener.accept(event));
  }

  /** Sends {@link ProgressEvent.Preparing}. */
  default void preparing(String what, long done, long total) {
    accept(new ProgressEvent.Preparing(what, done, total));
  }

  /** Sends {@link ProgressEvent.Note}. */
  default void note(String message) {
    accept(new ProgressEvent.Note(message));
  }
}
