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

/** What an executor sends to the driver. */
sealed interface ExecutorMessage extends Serializable {

  /**
   * The classes that a message is made of. Java would make objects of any class on the driver's
   * class path from bytes that say so, and some of those run code when they are made.
   */
  ObjectInputFilter ALLOWED =
      ObjectInputFilter.Config.createFilter(
          "maxdepth=8;maxarray=1000000;"
              + "org.ratescope.spark.ExecutorMessage$News;org.ratescope.spark.ExecutorMessage$Traced;"
              + "java.util.CollSer;java.util.ImmutableCollections$*;"
              + "java.lang.Object;java.lang.String;!*");

  /**
   * How far an attempt at a task is. Steps are counted from the attempt's beginning, so that a lost
   * letter is made good by the next; traces and notes are sent once.
   *
   * @param number of the task
   * @param attempt of Spark, which numbers all attempts of an application
   * @param resumed updates, counted per model, that were made before or are not made
   * @param advanced updates made by this attempt
   * @param traces losses that are new
   * @param notes what a person should read
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

    /** As bytes, which need no class of ours to travel. */
    byte[] bytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    /** Reads {@link #bytes}. */
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
   * What a finished task answers.
   *
   * @param number of the task
   * @param files what is to be written to the results folder, in this order; empty where the
   *     executor has written it
   */
  record Answer(int number, List<Returned> files) implements ExecutorMessage {
    public Answer {
      files = List.copyOf(files);
    }
  }

  /** A file of a results folder, by its place there; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Returned(String place, byte[] bytes) implements Serializable {}
}
