package org.ratescope.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.spark.TaskContext;
import org.ratescope.torch.Device;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What Spark calls on an executor: one task, one cohort. */
final class CohortCall extends AbstractFunction1<Iterator<CohortTask>, Mail.Answer>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final Site site;
  private final Duration checkpointEvery;

  CohortCall(Site site, Duration checkpointEvery) {
    this.site = site;
    this.checkpointEvery = checkpointEvery;
  }

  @Override
  public Mail.Answer apply(Iterator<CohortTask> tasks) {
    TaskContext context = TaskContext.get();
    CohortTask task = tasks.next();
    Device device = Gpu.required(context.resourcesJMap());
    Teller teller = new Teller(task, context.taskAttemptId(), ProgressPlugin::send);
    try {
      return Workshop.at(site, checkpointEvery, task.suite()).carryOut(task, device, teller);
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
