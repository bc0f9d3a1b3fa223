package org.ratescope.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.ratescope.results.LossPoint;

/** A message from an executor to the driver. */
sealed interface ExecutorMessage extends Serializable {

  /**
   * The classes of a message. Java would create objects of any class on the driver's class path
   * that the bytes name, and some of those run code when they are created.
   */
  ObjectInputFilter ALLOWED =
      ObjectInputFilter.Config.createFilter(
          "maxdepth=8;maxarray=1000000;"
              + "org.ratescope.spark.ExecutorMessage$News;org.ratescope.spark.ExecutorMessage$Traced;"
              + "java.util.CollSer;java.util.ImmutableCollections$*;"
              + "java.lang.Object;java.lang.String;!*");

  /**
   * The progress of an attempt at a task. Steps are counted from the beginning of the attempt, so
   * that the next message makes up for a lost one; losses and notes are sent once.
   *
   * @param number of the task
   * @param attempt Spark's number, unique in an application
   * @param resumed updates, counted for each model, that were made before or will not be made
   * @param advanced updates made by this attempt
   * @param traces new losses
   * @param notes messages for users
   */
  record News(
      int number,
      long attempt,
      long resumed,
      long advanced,
      List<Traced> traces,
      List<String> notes)
      implements ExecutorMessage {
    public News {
      traces = List.copyOf(traces);
      notes = List.copyOf(notes);
    }

    /** As bytes, so that Spark needs none of our classes to send it. */
    byte[] bytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    /** Parses {@link #bytes}. */
    static News of(byte[] bytes) {
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
        in.setObjectInputFilter(ALLOWED);
        if (in.readObject() instanceof News news) {
          return news;
        }
        throw new InvalidClassException("REJECTED: not a message");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("an executor of another version", e);
      }
    }
  }

  /** A point of the loss curve of run {@code k} of a cohort. */
  record Traced(int k, int step, double distortion, double rate) implements Serializable {
    static Traced of(int k, LossPoint point) {
      return new Traced(k, point.step(), point.distortion(), point.rate());
    }

    LossPoint point() {
      return new LossPoint(step, distortion, rate);
    }
  }

  /**
   * The result of a finished task.
   *
   * @param number of the task
   * @param files the files to write to the results folder, in this order; empty if the executor has
   *     written them
   */
  record Answer(int number, List<Returned> files) implements ExecutorMessage {
    public Answer {
      files = List.copyOf(files);
    }
  }

  /** A file of a results folder, by its path in it; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Returned(String place, byte[] bytes) implements Serializable {}
}
