package org.ratescope.progress;

import java.io.IOException;
import java.util.List;
import org.ratescope.plan.Plan;
import org.ratescope.results.LossPoint;
import org.ratescope.results.RunRecord;
import org.ratescope.spec.RunSpec;

/**
 * Where the news of a sweep goes: files, a server, a page. It is told what {@link Progress} is
 * told, in the same order, from one thread that no worker waits for (see {@link AsyncTracker}), so
 * it may be slow. An exception ends it for good and nothing else. Methods do nothing by default.
 */
public interface Tracker {

  /** What people call it, for notes. */
  String name();

  /** See {@link Progress#preparing}. */
  default void preparing(String what, long done, long total) throws IOException {}

  /** See {@link Progress#begin}; told again when runs that diverged are repeated. */
  default void begin(Plan plan) throws IOException, InterruptedException {}

  /** See {@link Progress#started}. */
  default void started(List<RunSpec> runs) throws IOException, InterruptedException {}

  /** See {@link Progress#resumed}; several calls may be told as one. */
  default void resumed(long modelSteps) throws IOException {}

  /** See {@link Progress#advanced}; several calls may be told as one. */
  default void advanced(long modelSteps) throws IOException {}

  /** See {@link Progress#traced}. */
  default void traced(RunSpec run, LossPoint point) throws IOException, InterruptedException {}

  /** See {@link Progress#recorded}; the record comes without its trace and pictures. */
  default void recorded(RunRecord record) throws IOException, InterruptedException {}

  /** See {@link Progress#note}. */
  default void note(String message) throws IOException {}

  /** Told about four times a second, between other calls: the time to pass on what was gathered. */
  default void tick() throws IOException, InterruptedException {}

  /** The sweep has ended or was stopped; nothing is told afterwards. */
  default void close() throws IOException, InterruptedException {}
}
