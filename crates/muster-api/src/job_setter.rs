//! The setters of jobs: one list for new jobs and for jobs of the queue.

/// Calls a macro with all setters: the name for drafts, the name for jobs, the parameters, what is sent, and the method
/// of `MJob`.
macro_rules! with_job_setters {
    ($use:ident) => {
        $use! {
            /// Sets the name.
            name set_name(name: &str => name) = "setName"
            /// Sets the folder of the job. The script uses -1 for the root of the queue.
            parent set_parent(id: JobId => id.0) = "setParentId"
            /// Sets the template of the job.
            template set_template(id: TemplateId => id.0) = "setTemplateID"
            /// Sets the type of the job, such as the constant `kJobTypeJob`.
            job_type set_job_type(value: i64 => value) = "setJobType"
            /// Sets how the job depends on others, such as the constant `kJobDependSuccess`.
            depend_mode set_depend_mode(value: i64 => value) = "setDependMode"
            /// Sets the jobs that must end first. The form of the text is not documented.
            depends set_depends(value: &str => value) = "setDepends"
            /// Sets the priority.
            priority set_priority(value: i64 => value) = "setPriority"
            /// Sets the type of the packets.
            packet_type set_packet_type(value: i64 => value) = "setPacketType"
            /// Sets the size of a packet.
            packet_size set_packet_size(value: i64 => value) = "setPacketSize"
            /// Sets the pools that may run the job. The form of the text is not documented.
            included_pools set_included_pools(value: &str => value) = "setIncludedPools"
            /// Sets the project.
            project set_project(value: &str => value) = "setProject"
            /// Sets the department.
            department set_department(value: &str => value) = "setDepartment"
            /// Sets how logs are checked for errors, such as the constant `kSkipWarnings`.
            logs_error_check_type set_logs_error_check_type(value: i64 => value) = "setLogsErrorCheckType"
            /// Sets the maximum number of nodes.
            maximum_nodes set_maximum_nodes(value: i64 => value) = "setMaximumNodes"
            /// Sets an attribute of the template to a text.
            attribute_text set_attribute_text(name: &str, value: &str => name, value) = "attributeSetString"
            /// Sets an attribute of the template to a number.
            attribute_number set_attribute_number(name: &str, value: f64 => name, value) = "attributeSetFloat"
        }
    };
}

pub(crate) use with_job_setters;
