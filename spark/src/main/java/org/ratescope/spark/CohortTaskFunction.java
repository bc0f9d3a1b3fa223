package org.ratescope.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.TaskContext;
import org.ratescope.tensor.Device;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The function that Spark calls on an executor: one task, one cohort. */
final class CohortTaskFunction
    extends AbstractFunction1<Iterator<CohortTaskDescription>, ExecutorMessage.Answer>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final StorageMode site;
  private final ExecutorPace pace;

  CohortTaskFunction(StorageMode site, ExecutorPace pace) {
    this.site = site;
    this.pace = pace;
  }

  @Override
  public ExecutorMessage.Answer apply(Iterator<CohortTaskDescription> tasks) {
    TaskContext context = TaskContext.get();
    CohortTaskDescription task = tasks.next();
    Device device = TaskGpu.required(context.resourcesJMap());
    TaskProgressReporter teller =
        new TaskProgressReporter(task, context.taskAttemptId(), ProgressPlugin::send);
    try {
      return ExecutorContext.at(site, pace, task.suite()).carryOut(task, device, teller);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was told to stop; its checkpoint is kept", e);
    } finally {
      teller.send();
    }
  }
}
