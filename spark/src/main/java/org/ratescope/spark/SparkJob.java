package org.ratescope.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * One Spark job with a partition for each task. Messages and answers arrive in one queue, and only
 * the calling thread handles them, one after the other.
 */
final class SparkJob {
  private static final long LOOK_AFTER_MILLIS = 200;

  private final JavaSparkContext spark;
  private final List<CohortTaskDescription> tasks;
  private final Function1<Iterator<CohortTaskDescription>, ExecutorMessage.Answer> call;
  private final BlockingQueue<ExecutorMessage> mail;

  SparkJob(
      JavaSparkContext spark,
      List<CohortTaskDescription> tasks,
      Function1<Iterator<CohortTaskDescription>, ExecutorMessage.Answer> call,
      BlockingQueue<ExecutorMessage> mail) {
    this.spark = spark;
    this.tasks = tasks;
    this.call = call;
    this.mail = mail;
  }

  /**
   * Runs all tasks; returns how many runs did not finish.
   *
   * @throws IOException if a task failed as often as Spark tries it, or an answer cannot be written
   */
  int run(DriverMessageHandler desk) throws IOException, InterruptedException {
    if (tasks.isEmpty()) {
      return 0;
    }
    SimpleFutureAction<Integer> action = submit();
    try {
      while (true) {
        ExecutorMessage next = mail.poll(LOOK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          desk.take(next);
        } else if (action.isCompleted() && mail.isEmpty()) {
          return finished(action, desk);
        }
      }
    } finally {
      if (!action.isCompleted()) {
        action.cancel();
      }
    }
  }

  private static int finished(SimpleFutureAction<Integer> action, DriverMessageHandler desk)
      throws IOException {
    var result = action.value().get();
    if (result.isFailure()) {
      Throwable failure = result.failed().get();
      throw new IOException(firstLine(failure), failure);
    }
    return desk.unfinished();
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("the job failed");
  }

  private SimpleFutureAction<Integer> submit() {
    return spark
        .sc()
        .submitJob(
            spark.parallelize(tasks, tasks.size()).rdd(),
            call,
            CollectionConverters.asScala(partitions()).toSeq(),
            new Handler(mail),
            new Nothing());
  }

  private List<Object> partitions() {
    return IntStream.range(0, tasks.size()).<Object>mapToObj(Integer::valueOf).toList();
  }

  /** Puts an answer into the queue; called by Spark's scheduler, which must not wait. */
  private static final class Handler
      extends AbstractFunction2<Object, ExecutorMessage.Answer, BoxedUnit> implements Serializable {
    private static final long serialVersionUID = 1;
    private final transient BlockingQueue<ExecutorMessage> mail;

    Handler(BlockingQueue<ExecutorMessage> mail) {
      this.mail = mail;
    }

    @Override
    public BoxedUnit apply(Object partition, ExecutorMessage.Answer answer) {
      mail.add(answer);
      return BoxedUnit.UNIT;
    }
  }

  private static final class Nothing extends AbstractFunction0<Integer> implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Integer apply() {
      return 0;
    }
  }
}
